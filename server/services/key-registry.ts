// Registered keys: from a key file to a row, and the life of that row.
import { AppError } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Key } from '../domain/key.ts';
import { LIMITS, requireText } from '../domain/limits.ts';
import { type Principal, requirePermission, requireScopes } from '../domain/principal.ts';
import { EVERYTHING, type Scope } from '../domain/scope.ts';
import type { KeyMaterial, RevocationCertificate } from '../openpgp/key-material.ts';
import type { Log } from '../ops/log.ts';
import type { World } from '../ops/world.ts';
import type { KeyTransition } from '../store/key-port.ts';
import type { Store } from '../store/port.ts';
import { createKeyReading, findRegistered, type KeyReading } from './key-reading.ts';
import type { OpenPgpTasks } from './openpgp-tasks.ts';

export type Registration = { readonly status: 'registered' | 'updated' | 'unchanged'; readonly key: Key };

export type KeyRequest = {
  /** Undefined keeps what a registered key has, and gives a new one its first user id. */
  readonly name?: string | undefined;
  /** Undefined keeps what a registered key has, and gives a new one everything. */
  readonly scopes?: readonly Scope[] | undefined;
};

export type KeyChangeRequest = KeyRequest & {
  readonly state?: 'active' | 'retired' | 'revoked' | undefined;
  readonly reason?: string | undefined;
  /** Retires a key also while images have no live signature of another. */
  readonly force?: boolean | undefined;
};

export type KeyRegistry = KeyReading & {
  /** Every key in the file, registered or updated; all refusals come before the first of them is written. */
  register(untrustedBytes: Uint8Array, request: KeyRequest, principal: Principal): Promise<Registration[]>;
  change(fingerprint: Fingerprint, request: KeyChangeRequest, principal: Principal): Promise<Key>;
};

/** Tries of an update that another process gets in the way of. */
const TRIES = 5;

type Parts = {
  readonly store: Store;
  readonly openPgp: Pick<OpenPgpTasks, 'readKeyFile' | 'mergeKey' | 'armorKey' | 'revokeKey'>;
  readonly world: World;
  readonly log: Log;
};

export function createKeyRegistry({ store, openPgp, world, log }: Parts): KeyRegistry {
  /** Works the change out on the key as it is, and starts again when it is no longer that. */
  async function put(
    fingerprint: Fingerprint,
    work: (before: Key | null) => Promise<{ material: KeyMaterial; request: KeyRequest }>,
    principal: Principal,
  ): Promise<Registration> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const before = await store.findKey(fingerprint);
      const { material, request } = await work(before);
      const { facts } = material;
      if (request.name !== undefined) requireText('the name of a key', request.name, LIMITS.nameLength);
      const name = request.name ?? before?.name ?? facts.userIds[0]?.slice(0, LIMITS.nameLength) ?? fingerprint;
      const scopes = requireGrant(request, before, principal);
      if (before && unchanged(before, material, name, scopes)) return { status: 'unchanged', key: before };
      const change = { facts, material: material.material, name, scopes, basedOn: before?.revision ?? null };
      if (!(await store.putKey({ ...change, actor: principal.actor, at: world.now() }))) continue;
      const status = before ? 'updated' : 'registered';
      log.info(`key.${status}`, { fingerprint, name, scopes, actor: principal.actor });
      return { status, key: await find(fingerprint) };
    }
    throw new AppError('STORE_BUSY', `key ${fingerprint} keeps being changed by others; try again`);
  }

  const find = (fingerprint: Fingerprint) => findRegistered(store, fingerprint);

  async function setState(
    fingerprint: Fingerprint,
    to: KeyTransition['to'],
    { reason, force = false, principal }: Pick<KeyChangeRequest, 'reason' | 'force'> & { principal: Principal },
  ): Promise<void> {
    if (to === 'revoked') requireText('the reason for revoking', reason ?? '', LIMITS.reasonLength);
    const unlessNeeded = to === 'retired' && !force;
    const act = { actor: principal.actor, at: world.now() };
    await store.setKeyState({ fingerprint, to, reason: reason ?? null, unlessNeeded, ...act });
    log.info('key.state_changed', { fingerprint, state: to, actor: principal.actor });
  }

  /** The key a certificate revokes, found before anything of its file is written. */
  async function revocationOf(certificate: RevocationCertificate, principal: Principal) {
    let refusal: unknown = new AppError(
      'KEY_NOT_FOUND',
      `a revocation certificate for key id ${certificate.issuer}, which is not registered`,
    );
    for (const key of await store.findKeysById(certificate.issuer))
      try {
        requireScopes(principal, key.scopes);
        await openPgp.revokeKey(key.material, certificate);
        return { key, certificate };
      } catch (error) {
        refusal = error;
      }
    throw refusal;
  }

  return {
    async register(untrustedBytes, request, principal) {
      requirePermission(principal, 'admin');
      const file = await openPgp.readKeyFile(untrustedBytes);
      if (request.name !== undefined && file.keys.length > 1)
        throw new AppError(
          'REQUEST_INVALID',
          `the file holds ${file.keys.length} keys, and a name is for one; leave it out`,
        );
      for (const { facts } of file.keys) {
        requireGrant(request, await store.findKey(facts.fingerprint), principal);
      }
      const revocations = [];
      for (const certificate of file.revocations) revocations.push(await revocationOf(certificate, principal));
      const results: Registration[] = [];
      for (const { facts, material } of file.keys) {
        const merged = async (before: Key | null) => ({
          material: before ? await openPgp.mergeKey(before.material, material) : { facts, material },
          request,
        });
        results.push(await put(facts.fingerprint, merged, principal));
      }
      for (const { key, certificate } of revocations) {
        const revoked = async (before: Key | null) => ({
          material: await openPgp.revokeKey((before ?? key).material, certificate),
          request: {},
        });
        results.push(await put(key.fingerprint, revoked, principal));
      }
      return results;
    },

    async change(fingerprint, { name, scopes, state, reason, force }, principal) {
      requirePermission(principal, 'admin');
      const key = await find(fingerprint);
      requireScopes(principal, [...key.scopes, ...(scopes ?? [])]);
      // The state first: it is what may be refused, and then nothing is changed.
      if (state !== undefined) await setState(fingerprint, state, { reason, force, principal });
      if (name !== undefined || scopes !== undefined) {
        const work = async (before: Key | null) => ({ material: materialOf(before ?? key), request: { name, scopes } });
        await put(fingerprint, work, principal);
      }
      return find(fingerprint);
    },

    ...createKeyReading({ store, openPgp, world }),
  };
}

/** The scopes a key will have; neither these nor those it had may lie outside the principal's. */
function requireGrant(request: KeyRequest, before: Key | null, principal: Principal): readonly Scope[] {
  const scopes = request.scopes ?? before?.scopes ?? [EVERYTHING];
  if (scopes.length === 0) throw new AppError('REQUEST_INVALID', 'a key needs a scope; "" is everything');
  requireScopes(principal, [...scopes, ...(before?.scopes ?? [])]);
  return scopes;
}

function materialOf(key: Key): KeyMaterial {
  return { facts: key, material: key.material };
}

function unchanged(before: Key, { facts, material }: KeyMaterial, name: string, scopes: readonly Scope[]): boolean {
  return (
    before.name === name &&
    JSON.stringify(before.scopes) === JSON.stringify(scopes) &&
    Buffer.compare(before.material, material) === 0 &&
    before.expiresAt === facts.expiresAt &&
    (facts.revocation === null || before.state.state === 'revoked')
  );
}
