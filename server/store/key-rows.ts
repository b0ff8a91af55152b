// Reading registered keys.
import type { Fingerprint, KeyId } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Key, KeyState, SigningKey } from '../domain/key.ts';
import type { Scope } from '../domain/scope.ts';
import type { Db } from './database.ts';

export type KeyRow = {
  fingerprint: string;
  name: string;
  state: KeyState['state'];
  state_at: number | null;
  state_reason: string | null;
  scopes: string;
  material: Buffer;
  user_ids: string;
  signing_keys: string;
  created_at: number;
  expires_at: number | null;
  registered_at: number;
  updated_at: number;
  revision: number;
};

export const SELECT_KEY = `
  SELECT k.fingerprint, k.name, k.state, k.state_at, k.state_reason, k.scopes, k.material, k.user_ids, k.signing_keys,
         k.created_at, k.expires_at, k.registered_at, k.updated_at, k.revision FROM keys k`;

export function createKeyReads(db: Db) {
  const byFingerprint = db.prepare<[Fingerprint], KeyRow>(`${SELECT_KEY} WHERE k.fingerprint = ?`);
  const byKeyId = db.prepare<[KeyId], KeyRow>(
    `${SELECT_KEY} JOIN key_ids i ON i.fingerprint = k.fingerprint WHERE i.key_id = +? ORDER BY k.fingerprint`,
  );
  return {
    find(fingerprint: Fingerprint): Key | null {
      const row = byFingerprint.get(fingerprint);
      return row ? key(row) : null;
    },
    findById: (keyId: KeyId): Key[] => byKeyId.all(keyId).map(key),
  };
}

export function key(row: KeyRow): Key {
  const state = keyState(row);
  return {
    fingerprint: row.fingerprint as Fingerprint,
    name: row.name,
    state,
    scopes: JSON.parse(row.scopes) as Scope[],
    material: row.material,
    userIds: JSON.parse(row.user_ids) as string[],
    signingKeys: JSON.parse(row.signing_keys) as SigningKey[],
    createdAt: row.created_at as Instant,
    expiresAt: row.expires_at as Instant | null,
    revocation: state.state === 'revoked' ? state.reason : null,
    registeredAt: row.registered_at as Instant,
    updatedAt: row.updated_at as Instant,
    revision: row.revision,
  };
}

function keyState(row: KeyRow): KeyState {
  const since = (row.state_at ?? row.registered_at) as Instant;
  if (row.state === 'active') return { state: 'active' };
  if (row.state === 'retired') return { state: 'retired', since };
  return { state: 'revoked', since, reason: row.state_reason ?? '' };
}
