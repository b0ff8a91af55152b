// Our entries into a policy.json that is there. What is there stays, members that nobody here knows included; and nothing
// may be accepted afterwards that an existing entry refuses, unless replacing was asked for.
import { isDeepStrictEqual } from 'node:util';
import { AppError, quote } from '../../domain/errors.ts';
import { type Scope, scopesAbove } from '../../domain/scope.ts';
import { type Json, parseStrictJson } from '../../domain/strict-json.ts';
import type { Policy, Requirement } from './policy.ts';
import { place } from './trust.ts';

type Members = Record<string, unknown>;
type Merged = { readonly policy: Members; readonly notes: readonly string[] };

export function mergePolicy(untrustedText: string, generated: Policy, replace: boolean): Merged {
  const policy = readPolicy(untrustedText);
  const notes: string[] = [];
  if (!isDeepStrictEqual(policy.default, generated.default))
    notes.push(`"default" stays as it is: ${typesOf(policy.default)}`);
  const transports = membersOf(policy, 'transports');
  const docker = membersOf(transports, 'docker');
  const before = new Map(Object.entries(docker) as [Scope, unknown][]);
  for (const [scope, wanted] of Object.entries(generated.transports.docker ?? {}) as [Scope, Requirement[]][]) {
    const kept = whyKept(scope, wanted, { before, fallback: policy.default });
    if (kept === null || replace) docker[scope] = wanted;
    if (kept !== null) notes.push(replace ? `${kept}; it was replaced` : `${kept}; it was left as it is`);
  }
  for (const [scope, requirements] of before)
    if (!Object.hasOwn(generated.transports.docker ?? {}, scope) && accepts(requirements))
      notes.push(`${place(scope)}: the existing entry accepts anything, and stays`);
  return { policy, notes };
}

/** Null when the entry is new, or what is there already. */
function whyKept(
  scope: Scope,
  wanted: readonly Requirement[],
  { before, fallback }: { before: ReadonlyMap<Scope, unknown>; fallback: unknown },
): string | null {
  const own = before.get(scope);
  if (own !== undefined)
    return isDeepStrictEqual(own, wanted) ? null : `${place(scope)}: the existing entry (${typesOf(own)}) differs`;
  const nearest = scopesAbove(scope).find((each) => before.has(each));
  const counting = nearest === undefined ? fallback : before.get(nearest);
  // To be an exception from a general refusal is what entries are for.
  const isGeneral = nearest === undefined || nearest === '';
  if (accepts(counting) || (isGeneral && isDeepStrictEqual(counting, [{ type: 'reject' }]))) return null;
  const entry = isGeneral ? 'existing default' : `existing entry ${quote(nearest)}`;
  return `${place(scope)}: the ${entry} (${typesOf(counting)}) counts there, and a more specific one would take its place`;
}

function accepts(requirements: unknown): boolean {
  return isDeepStrictEqual(requirements, [{ type: 'insecureAcceptAnything' }]);
}

function typesOf(requirements: unknown): string {
  const list = Array.isArray(requirements) ? (requirements as unknown[]) : [];
  const types = list.map((each) => (each as { type?: unknown } | null)?.type);
  return types.map((type) => (typeof type === 'string' ? type.slice(0, 40) : 'no type')).join(' and ') || 'nothing';
}

function readPolicy(untrustedText: string): Members {
  const json = parseStrictJson(untrustedText, (path, why) => unusable(path === '' ? why : `${path}: ${why}`));
  const policy = asMembers(plain(json), 'it');
  // Clients refuse a policy without one, and so every image.
  if (!Array.isArray(policy.default)) throw unusable('it has no "default", which every policy.json has');
  return policy;
}

function membersOf(parent: Members, name: string): Members {
  const members = asMembers(parent[name] ?? {}, `"${name}"`);
  parent[name] = members;
  return members;
}

function asMembers(value: unknown, what: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw unusable(`${what} is not an object`);
}

function unusable(why: string): AppError {
  return new AppError('REQUEST_INVALID', `the existing policy.json cannot be merged with: ${why}`);
}

/** A member called `__proto__` is only a member here. */
function plain(json: Json): unknown {
  if (Array.isArray(json)) return (json as readonly Json[]).map(plain);
  if (!(json instanceof Map)) return json;
  return Object.fromEntries([...(json as ReadonlyMap<string, Json>)].map(([name, value]) => [name, plain(value)]));
}
