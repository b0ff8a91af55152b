// Appending and withdrawing: the two operations that change what readers see of an image.
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { expiredAt, type Key } from '../domain/key.ts';
import { scopesCover } from '../domain/scope.ts';
import type { Examined, VerifiedSignature } from '../domain/signature.ts';
import { formatImage } from '../domain/slot.ts';
import type { createAuditAppend } from './audit-log.ts';
import type { Db } from './database.ts';
import type { createKeyReads } from './key-rows.ts';
import type { Act, Append, Appended, StoredSignature } from './port.ts';
import { createSignatureReads } from './signature-rows.ts';
import { requireNotEnded, requireNumber } from './signature-rules.ts';

/** What is stored of a verified signature: all that crosses from thread to thread. */
export type AppendRow = Pick<Append, 'number' | 'actor' | 'at'> & {
  readonly signature: Pick<VerifiedSignature, 'repository' | 'digest' | 'bytes' | 'sha256'> & {
    readonly examined: Pick<Examined, 'signer' | 'signingKey' | 'identity' | 'signedAt' | 'notes'> & {
      readonly claim: { readonly reference: { readonly text: string } };
    };
  };
};

export function createSignatureWrites(
  db: Db,
  audit: ReturnType<typeof createAuditAppend>,
  keys: ReturnType<typeof createKeyReads>,
) {
  const reads = createSignatureReads(db);
  const insert = db.prepare(`
    INSERT INTO signatures (repository, digest, sha256, identity, bytes, signer, signing_key, reference, signed_at, notes, stored_at, stored_by)
    VALUES (@repository, @digest, @sha256, @identity, @bytes, @signer, @signingKey, @reference, @signedAt, @notes, @at, @actor)`);
  const revisionOf = db.prepare<[Fingerprint], number>('SELECT revision FROM keys WHERE fingerprint = ?').pluck();
  const read = new Map<Fingerprint, Key>();
  const withdraw = db.prepare('UPDATE signatures SET withdrawn_at = ?, withdrawn_reason = ? WHERE id = ?');

  /** As it is in this transaction; read anew only when it has changed, since most uploads are by few keys. */
  function keyNow(fingerprint: Fingerprint): Key | null {
    const before = read.get(fingerprint);
    if (before && before.revision === revisionOf.get(fingerprint)) return before;
    const key = keys.find(fingerprint);
    if (key) read.set(fingerprint, key);
    return key;
  }

  /** The key was looked at before the cryptography; by now somebody may have retired, revoked or narrowed it. */
  function requireStillAccepted({ signature, at }: AppendRow): void {
    const { signer, signingKey } = signature.examined;
    const key = keyNow(signer);
    const part = key?.signingKeys.find(({ fingerprint }) => fingerprint === signingKey);
    const changed = (code: ErrorCode, now: string) =>
      new AppError(code, `signed by key ${signer}, which was ${now} during the upload`);
    if (!key || !part) throw changed('KEY_UNKNOWN', 'removed');
    if (key.state.state === 'revoked' || part.revoked) throw changed('KEY_REVOKED', 'revoked');
    if (key.state.state === 'retired') throw changed('KEY_RETIRED', 'retired');
    if (expiredAt(part.expiresAt, at)) throw changed('KEY_EXPIRED', 'about to expire, and did so');
    if (!scopesCover(key.scopes, signature.repository)) throw changed('KEY_SCOPE', 'given other scopes');
  }

  return {
    /** Before each transaction: one that is rolled back takes revisions with it, and others come under their numbers. */
    forgetKeys: (): void => read.clear(),

    append(append: AppendRow): Appended {
      const { signature, actor, at } = append;
      const { examined } = signature;
      requireStillAccepted(append);
      const before = reads.findByIdentity(examined.identity);
      requireNotEnded(before);
      if (before?.number) return { status: 'exists', id: before.id, number: before.number };

      const number = reads.countImage(signature) + 1;
      requireNumber(append.number, number, signature.repository);
      const { lastInsertRowid } = insert.run({
        repository: signature.repository,
        digest: signature.digest,
        sha256: signature.sha256,
        identity: examined.identity,
        bytes: signature.bytes,
        signer: examined.signer,
        signingKey: examined.signingKey,
        reference: examined.claim.reference.text,
        signedAt: examined.signedAt,
        notes: JSON.stringify(examined.notes),
        at,
        actor: JSON.stringify(actor),
      });
      const id = Number(lastInsertRowid);
      const sha256 = Buffer.from(signature.sha256).toString('hex');
      const detail = { id, number, sha256, signer: examined.signer, reference: examined.claim.reference.text };
      audit({ at, actor, action: 'signature.stored', subject: formatImage(signature), detail });
      return { status: 'stored', id, number };
    },

    withdraw({ id, reason, actor, at }: Act & { id: number; reason: string }): StoredSignature {
      const signature = reads.find(id);
      if (!signature) throw new AppError('SIGNATURE_NOT_FOUND', `no signature has the id ${id}`);
      if (signature.state === 'withdrawn')
        throw new AppError('SIGNATURE_WITHDRAWN', `signature ${id} is withdrawn already: ${signature.withdrawnReason}`);
      withdraw.run(at, reason, id);
      const detail = { id, number: signature.number, sha256: signature.sha256, signer: signature.signer, reason };
      audit({ at, actor, action: 'signature.withdrawn', subject: formatImage(signature), detail });
      return reads.find(id) as StoredSignature;
    },
  };
}
