// Reading registered keys.
import type { Fingerprint, KeyId } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Key, KeyState, SigningKey } from '../domain/key.ts';
import type { Scope } from '../domain/scope.ts';
import type { Db } from './database.ts';

type Row = {
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

const SELECT = `
  SELECT k.fingerprint, k.name, k.state, k.state_at, k.state_reason, k.scopes, k.material, k.user_ids, k.signing_keys,
         k.created_at, k.expires_at, k.registered_at, k.updated_at, k.revision FROM keys k`;

export function createKeyReads(db: Db) {
  const byFingerprint = db.prepare<[Fingerprint], Row>(`${SELECT} WHERE k.fingerprint = ?`);
  const byKeyId = db.prepare<[KeyId], Row>(
    `${SELECT} JOIN key_ids i ON i.fingerprint = k.fingerprint WHERE i.key_id = ? ORDER BY k.fingerprint`,
  );
  const all = db.prepare<[], Row>(`${SELECT} ORDER BY k.registered_at, k.fingerprint`);
  return {
    find(fingerprint: Fingerprint): Key | null {
      const row = byFingerprint.get(fingerprint);
      return row ? key(row) : null;
    },
    findById: (keyId: KeyId): Key[] => byKeyId.all(keyId).map(key),
    list: (): Key[] => all.all().map(key),
  };
}

function key(row: Row): Key {
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

function keyState(row: Row): KeyState {
  const since = (row.state_at ?? row.registered_at) as Instant;
  if (row.state === 'active') return { state: 'active' };
  if (row.state === 'retired') return { state: 'retired', since };
  return { state: 'revoked', since, reason: row.state_reason ?? '' };
}
