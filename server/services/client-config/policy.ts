// policy.json: which keys a signature must be of, for each scope (protocol.md §3.5).
import type { KEY_FORMS, POLICY_DEFAULTS } from '../../domain/client-config.ts';
import type { SignedIdentity } from '../../domain/policy/identity.ts';
import { EVERYTHING, type Scope } from '../../domain/scope.ts';
import { type ConfigFile, KEYS_DIRECTORY, READABLE } from './file.ts';
import { type Entry, identityOf, type KnownKey, keyringOf } from './trust.ts';

export type KeyForm = (typeof KEY_FORMS)[number];

export type PolicyWishes = {
  readonly entries: readonly Entry[];
  readonly identity: SignedIdentity | undefined;
  readonly fallback: (typeof POLICY_DEFAULTS)[number];
  readonly keyForm: KeyForm;
};

export type Requirement = { readonly type: string; readonly [member: string]: unknown };
export type Policy = {
  readonly default: readonly Requirement[];
  readonly transports: Readonly<Record<string, Readonly<Record<string, readonly Requirement[]>>>>;
};

const ANYTHING: readonly Requirement[] = [{ type: 'insecureAcceptAnything' }];

export function policyOf({ entries, identity, fallback, keyForm }: PolicyWishes): Policy {
  const docker = Object.fromEntries(
    entries.map((entry) => [entry.scope, [requirementOf(entry, identityOf(entry, identity), keyForm)]]),
  );
  // Reading what was built or pulled here is not a pull, and without it `podman push` would be refused too.
  const local = fallback === 'reject' ? { 'containers-storage': { '': ANYTHING } } : {};
  return { default: [{ type: fallback }], transports: { docker, ...local } };
}

export function policyText(policy: object): string {
  return `${JSON.stringify(policy, null, 2)}\n`;
}

function requirementOf(entry: Entry, identity: SignedIdentity | undefined, keyForm: KeyForm): Requirement {
  if (entry.keys.length === 0) return { type: 'reject' };
  return {
    type: 'signedBy',
    keyType: 'GPGKeys',
    ...keysMember(entry, keyForm),
    ...(identity ? { signedIdentity: identity } : {}),
  };
}

function keysMember({ scope, keys }: Entry, keyForm: KeyForm): object {
  if (keyForm === 'data') return { keyData: Buffer.from(keyringOf(keys)).toString('base64') };
  return keyForm === 'path' ? { keyPath: keyringPath(scope) } : { keyPaths: keys.map(keyPath) };
}

const keyPath = ({ fingerprint }: KnownKey) => `${KEYS_DIRECTORY}/${fingerprint}.asc`;

/** Neither `+` nor `=` is in any scope, nor is `every` or `any` a registry: two scopes are never one file. */
function keyringPath(scope: Scope): string {
  const name = scope === EVERYTHING ? 'every' : scope.replace('*.', 'any+').replaceAll('/', '+').replaceAll(':', '=');
  return `${KEYS_DIRECTORY}/lookaside-${name}.asc`;
}

/**
 * The files that a policy with paths names. One block of armor for a whole keyring: readers that are built without GnuPG,
 * and Portieris, read the first block of a file and no other.
 */
export async function keyFiles(
  entries: readonly Entry[],
  keyForm: KeyForm,
  armor: (material: Uint8Array) => Promise<string>,
): Promise<ConfigFile[]> {
  if (keyForm === 'data') return [];
  const keyrings = new Map<string, Uint8Array>();
  for (const { scope, keys } of entries) {
    if (keyForm === 'paths') for (const key of keys) keyrings.set(keyPath(key), key.material);
    else if (keys.length > 0) keyrings.set(keyringPath(scope), keyringOf(keys));
  }
  const files = [...keyrings].sort(([one], [other]) => (one < other ? -1 : 1));
  return Promise.all(files.map(async ([path, bytes]) => ({ path, content: await armor(bytes), mode: READABLE })));
}
