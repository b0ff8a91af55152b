// Registered keys as people look at them: lists, one with what depends on it, a file, and what a new file would change.
import { AppError } from '../domain/errors.ts';
import { type Fingerprint, type KeyId, keyIdOf } from '../domain/fingerprint.ts';
import type { Key, KeyFacts } from '../domain/key.ts';
import { holdsScopes, type Principal, requirePermission, requireScopes, SEE } from '../domain/principal.ts';
import type { World } from '../ops/world.ts';
import type { KeyFilter, KeyWithServed } from '../store/key-port.ts';
import type { Slice, Store, TextPage } from '../store/port.ts';
import type { OpenPgpTasks } from './openpgp-tasks.ts';

export type KeyPreview = {
  readonly keys: readonly { readonly facts: KeyFacts; readonly registered: Key | null }[];
  readonly revocations: readonly { readonly issuer: KeyId; readonly registered: Key | null }[];
};

export type KeyReading = {
  /** What a key file holds, and what of it is registered; nothing is stored. */
  preview(untrustedBytes: Uint8Array, principal: Principal): Promise<KeyPreview>;
  get(fingerprint: Fingerprint, principal: Principal): Promise<KeyWithServed>;
  /** The public key as a file, armored or binary. */
  material(fingerprint: Fingerprint, format: 'armored' | 'binary', principal: Principal): Promise<Uint8Array>;
  /** Those within the principal's own scopes, newest first. */
  list(filter: Omit<KeyFilter, 'within'>, page: TextPage, principal: Principal): Promise<Slice<KeyWithServed, string>>;
};

type Parts = {
  readonly store: Store;
  readonly openPgp: Pick<OpenPgpTasks, 'readKeyFile' | 'armorKey'>;
  readonly world: World;
};

/** Throws KEY_NOT_FOUND. */
export async function findRegistered(store: Store, fingerprint: Fingerprint): Promise<Key> {
  const key = await store.findKey(fingerprint);
  if (key) return key;
  const whole = await findOfSubkey(store, fingerprint);
  throw new AppError(
    'KEY_NOT_FOUND',
    whole === null
      ? `no registered key has the fingerprint ${fingerprint}`
      : `${fingerprint} is a subkey; give the fingerprint of its key, ${whole.fingerprint}`,
  );
}

export async function findOfSubkey(store: Store, subkey: Fingerprint): Promise<Key | null> {
  const candidates = await store.findKeysById(keyIdOf(subkey));
  return candidates.find(({ signingKeys }) => signingKeys.some((part) => part.fingerprint === subkey)) ?? null;
}

/** The same for whoever may see it. */
export async function findVisible(store: Store, fingerprint: Fingerprint, principal: Principal): Promise<Key> {
  requirePermission(principal, ...SEE);
  const key = await findRegistered(store, fingerprint);
  requireScopes(principal, key.scopes);
  return key;
}

export function createKeyReading({ store, openPgp, world }: Parts): KeyReading {
  return {
    async preview(untrustedBytes, principal) {
      requirePermission(principal, ...SEE);
      const file = await openPgp.readKeyFile(untrustedBytes);
      const visible = (key: Key | null | undefined) => (key && holdsScopes(principal, key.scopes) ? key : null);
      return {
        keys: await Promise.all(
          file.keys.map(async ({ facts }) => ({ facts, registered: visible(await store.findKey(facts.fingerprint)) })),
        ),
        revocations: await Promise.all(
          file.revocations.map(async ({ issuer }) => {
            const [key] = await store.findKeysById(issuer);
            return { issuer, registered: visible(key) };
          }),
        ),
      };
    },

    async get(fingerprint, principal) {
      const key = await findVisible(store, fingerprint, principal);
      return { ...key, served: await store.served(fingerprint, world.now()) };
    },

    async material(fingerprint, format, principal) {
      const { material } = await findVisible(store, fingerprint, principal);
      return format === 'binary' ? material : Buffer.from(await openPgp.armorKey(material), 'utf8');
    },

    async list(filter, page, principal) {
      requirePermission(principal, ...SEE);
      return store.listKeys({ ...filter, within: principal.scopes }, page, world.now());
    },
  };
}
