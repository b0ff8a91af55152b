// Registering, updating, retiring and revoking keys. Revoking changes one row, and with it what every reader of
// every image that key signed gets: `live` looks at the key's state.
import { AppError } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { expiredAt, type Key, type SigningKey } from '../domain/key.ts';
import type { createAuditAppend } from './audit-log.ts';
import type { Db } from './database.ts';
import type { KeyChange, KeyTransition } from './key-port.ts';
import type { createKeyReads } from './key-rows.ts';
import { createServed } from './served.ts';

const ACTIONS = { active: 'key.reactivated', retired: 'key.retired', revoked: 'key.revoked' } as const;

export function createKeyWrites(
  db: Db,
  audit: ReturnType<typeof createAuditAppend>,
  keys: ReturnType<typeof createKeyReads>,
) {
  const put = db.prepare(`
    INSERT INTO keys (fingerprint, name, state, scopes, material, user_ids, signing_keys, revoked_parts, created_at, expires_at,
                      registered_at, updated_at, revision)
    VALUES (@fingerprint, @name, 'active', @scopes, @material, @userIds, @signingKeys, @revokedParts, @createdAt, @expiresAt, @at, @at, 1)
    ON CONFLICT (fingerprint) DO UPDATE SET
      name = @name, scopes = @scopes, material = @material, user_ids = @userIds, signing_keys = @signingKeys,
      revoked_parts = @revokedParts,
      expires_at = @expiresAt, updated_at = @at, revision = revision + 1`);
  const forgetIds = db.prepare('DELETE FROM key_ids WHERE fingerprint = ?');
  const putId = db.prepare('INSERT OR IGNORE INTO key_ids (key_id, fingerprint) VALUES (?, ?)');
  const setState = db.prepare(`
    UPDATE keys SET state = @to, state_at = @at, state_reason = @reason, updated_at = @at, revision = revision + 1
     WHERE fingerprint = @fingerprint`);
  const served = db.prepare<[Fingerprint], { live: number }>(
    'SELECT count(*) AS live FROM signatures WHERE signer = ? AND withdrawn_at IS NULL',
  );

  const servedBy = db.prepare<[Fingerprint, Fingerprint], { live: number }>(
    'SELECT count(*) AS live FROM signatures WHERE signer = ? AND signing_key = ? AND withdrawn_at IS NULL',
  );

  const { impact } = createServed(db);

  /** In the transaction of the change: an upload, a withdrawal or another key's end may have come before it. */
  function requireUnneeded({ fingerprint, expiresAt }: Key, at: Instant): void {
    if (expiredAt(expiresAt, at)) return; // runtimes refuse what it signed already
    const { onlyImages } = impact({ signer: fingerprint }, at);
    if (onlyImages > 0)
      throw new AppError(
        'KEY_IN_USE',
        `${onlyImages} ${onlyImages === 1 ? 'image has' : 'images have'} no live signature of a key other than ${fingerprint}; ` +
          'let its successor sign them first, or force it',
      );
  }

  /** A subkey of its own can be revoked; its signatures stop being served, and readers must hear of it. */
  function auditRevokedParts({ facts, actor, at }: KeyChange, before: Key | null): void {
    const known = revokedParts(before?.signingKeys ?? []);
    for (const subkey of revokedParts(facts.signingKeys).filter((part) => !known.includes(part))) {
      const signatures = servedBy.get(facts.fingerprint, subkey)?.live ?? 0;
      const detail = { reason: 'the subkey is revoked', subkey, signatures };
      audit({ at, actor, action: 'key.revoked', subject: facts.fingerprint, detail });
    }
  }

  function transition({ fingerprint, to, reason, actor, at }: KeyTransition): void {
    const live = served.get(fingerprint)?.live ?? 0;
    setState.run({ fingerprint, to, at, reason });
    audit({ at, actor, action: ACTIONS[to], subject: fingerprint, detail: { reason, signatures: live } });
  }

  return {
    put(change: KeyChange): boolean {
      const { facts, material, name, scopes, actor, at } = change;
      const { fingerprint } = facts;
      const before = keys.find(fingerprint);
      if ((before?.revision ?? null) !== change.basedOn) return false;
      put.run({
        fingerprint,
        name,
        scopes: JSON.stringify(scopes),
        material,
        userIds: JSON.stringify(facts.userIds),
        signingKeys: JSON.stringify(facts.signingKeys),
        revokedParts: revokedParts(facts.signingKeys).join(' '),
        createdAt: facts.createdAt,
        expiresAt: facts.expiresAt,
        at,
      });
      forgetIds.run(fingerprint);
      for (const part of facts.signingKeys) putId.run(part.keyId, fingerprint);
      const action = before ? 'key.updated' : 'key.registered';
      audit({
        at,
        actor,
        action,
        subject: fingerprint,
        detail: {
          name,
          scopes,
          userIds: facts.userIds,
          expiresAt: facts.expiresAt === null ? null : formatInstant(facts.expiresAt),
        },
      });
      if (facts.revocation !== null && before?.state.state !== 'revoked')
        transition({ fingerprint, to: 'revoked', reason: facts.revocation, actor, at });
      else auditRevokedParts(change, before);
      return true;
    },

    setState(change: KeyTransition): void {
      const key = keys.find(change.fingerprint);
      if (!key) throw new AppError('KEY_NOT_FOUND', `no registered key has the fingerprint ${change.fingerprint}`);
      requireTransition(key, change.to);
      if (change.unlessNeeded === true) requireUnneeded(key, change.at);
      transition(change);
    },
  };
}

/** Subkeys that are revoked by themselves, or with the whole key. */
function revokedParts(signingKeys: readonly SigningKey[]): Fingerprint[] {
  return signingKeys.filter((part) => part.revoked && !part.primary).map((part) => part.fingerprint);
}

function requireTransition(key: Key, to: KeyTransition['to']): void {
  if (key.state.state === 'revoked')
    throw new AppError(
      'KEY_STATE_CONFLICT',
      `key ${key.fingerprint} is revoked since ${formatInstant(key.state.since)}, and that is final; register a new key`,
    );
  if (key.state.state === to) throw new AppError('KEY_STATE_CONFLICT', `key ${key.fingerprint} is already ${to}`);
}
