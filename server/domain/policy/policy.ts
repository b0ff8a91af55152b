// policy.json: which requirements hold for an image. Read as strictly as containers/image reads it, and looked up as it does:
// the most specific scope alone counts, however strict the others are.
import { scopesAbove } from '../scope.ts';
import { type Json, type JsonObject, parseStrictJson } from '../strict-json.ts';
import { objectAt, policyInvalid, requireKnown } from './members.ts';
import type { PullReference } from './pull-reference.ts';
import { parseRequirement, type Requirement } from './requirement.ts';

export type Policy = {
  readonly fallback: readonly Requirement[];
  /** Of the transport `docker`, by which runtimes pull; '' is its own default. */
  readonly docker: ReadonlyMap<string, readonly Requirement[]>;
};

export type Section = {
  /** `host/ns/repo:tag`, …, `host`, `*.domain`, '' for the default of the transport; null: the default of the policy. */
  readonly scope: string | null;
  readonly requirements: readonly Requirement[];
};

/** Throws POLICY_INVALID with the path of what is wrong. */
export function parsePolicy(untrustedText: string): Policy {
  const top = objectAt(
    parseStrictJson(untrustedText, (path, why) => policyInvalid(path, `not strict JSON: ${why}`)),
    '',
  );
  requireKnown(top, '', ['default', 'transports']);
  const fallback = parseRequirements(top.get('default'), 'default');
  const transports = top.has('transports') ? objectAt(top.get('transports'), 'transports') : new Map<string, Json>();
  const parsed = new Map<string, Policy['docker']>();
  // Those of other transports count for nothing here, but a mistake in them makes runtimes refuse the whole file.
  for (const [name, scopes] of transports) parsed.set(name, parseScopes(objectAt(scopes, `transports.${name}`), name));
  return { fallback, docker: parsed.get('docker') ?? new Map() };
}

function parseScopes(scopes: JsonObject, transport: string): Policy['docker'] {
  const path = (scope: string) => `transports.${transport}[${JSON.stringify(scope)}]`;
  return new Map([...scopes].map(([scope, value]) => [scope, parseRequirements(value, path(scope))]));
}

function parseRequirements(value: Json | undefined, path: string): readonly Requirement[] {
  if (value === undefined) throw policyInvalid(path, 'is missing');
  if (!Array.isArray(value)) throw policyInvalid(path, 'must be an array of requirements');
  if (value.length === 0) throw policyInvalid(path, 'must have at least one requirement');
  return value.map((item, index) => parseRequirement(item, `${path}[${index}]`));
}

export function sectionFor({ docker, fallback }: Policy, { reference }: PullReference): Section {
  for (const scope of [reference.text, ...scopesAbove(reference.repository)]) {
    const requirements = docker.get(scope);
    if (requirements) return { scope, requirements };
  }
  return { scope: null, requirements: fallback };
}

/** Files of keys that a section names. */
export function keyPathsOf({ requirements }: Section): string[] {
  const paths = requirements.flatMap((requirement) =>
    requirement.type === 'signedBy' && requirement.keys.kind === 'paths' ? requirement.keys.paths : [],
  );
  return [...new Set(paths)];
}
