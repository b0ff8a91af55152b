// Members of a policy.json, read as containers/image reads them: an unknown, missing, repeated or mistyped one is an error,
// because a typing mistake in a policy must not loosen it.
import { AppError, quote } from '../errors.ts';
import type { Json, JsonObject } from '../strict-json.ts';

export function policyInvalid(path: string, why: string): AppError {
  const where = path === '' ? '' : `${path}: `;
  return new AppError('POLICY_INVALID', `not a policy that runtimes read: ${where}${why}`);
}

export function objectAt(value: Json | undefined, path: string): JsonObject {
  if (!(value instanceof Map)) throw policyInvalid(path, 'must be an object');
  return value;
}

export function textAt(value: Json | undefined, path: string): string {
  if (typeof value !== 'string') throw policyInvalid(path, 'must be a string');
  return value;
}

/** One member that must be text; the others are not looked at. */
export function member(value: Json, name: string, path: string): string {
  return textAt(objectAt(value, path).get(name), `${path}.${name}`);
}

export function requireKnown(members: JsonObject, path: string, names: readonly string[]): void {
  for (const name of members.keys())
    if (!names.includes(name)) throw policyInvalid(path, `unknown member ${quote(name)}`);
}

/** The texts of an object that has these members and no others, in their order. */
export function exactMembers<const N extends readonly string[]>(
  value: Json,
  path: string,
  names: N,
): { [K in keyof N]: string } {
  const members = objectAt(value, path);
  requireKnown(members, path, names);
  return names.map((name) => textAt(members.get(name), `${path}.${name}`)) as { [K in keyof N]: string };
}
