// Who the live signatures of images are by, counted from the sets of signers, of which there are few, and the state of
// the keys as it is now: neither revoking a key nor the time that passes changes a row of the catalogue.
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import { expiredAt } from '../domain/key.ts';
import type { Db } from './database.ts';
import { createRevokedParts } from './live-rows.ts';

type Standing = { signer: Fingerprint; signing_key: string; standing: number };
type Known = { fingerprint: Fingerprint; expires_at: Instant | null };

export type SignerSet = {
  readonly id: number;
  /** How many have exactly these signers. */
  readonly images: number;
  /** Of their live signatures. */
  readonly signers: ReadonlySet<Fingerprint>;
};

export type SignerSets = {
  readonly sets: readonly SignerSet[];
  /** Live signatures by signer. */
  readonly signatures: ReadonlyMap<Fingerprint, number>;
  /** Null: never. */
  endOf(signer: Fingerprint): Instant | null;
  /** Whether no other key has signed these images that is good at an instant. */
  isAlone(set: SignerSet, signer: Fingerprint, at: Instant): boolean;
};

export function createSignerSets(db: Db): () => SignerSets {
  const sets = db.prepare<[], { id: number; members: string; images: number }>(
    "SELECT id, members, images FROM signer_sets WHERE images > 0 AND members <> ''",
  );
  const standing = db.prepare<[], Standing>('SELECT signer, signing_key, standing FROM signers');
  const revokedParts = createRevokedParts(db);
  const known = db.prepare<[], Known>(
    'SELECT fingerprint, expires_at FROM keys WHERE fingerprint IN (SELECT signer FROM signers)',
  );

  return () => {
    const revoked = new Set(revokedParts());
    /** The signer of each member of a set whose signatures are live. */
    const signers = new Map<string, Fingerprint>();
    const signatures = new Map<Fingerprint, number>();
    for (const row of standing.all()) {
      const member = `${row.signer}/${row.signing_key}`;
      if (revoked.has(member)) continue;
      signers.set(member, row.signer);
      signatures.set(row.signer, (signatures.get(row.signer) ?? 0) + row.standing);
    }
    const ends = new Map(known.all().map(({ fingerprint, expires_at }) => [fingerprint, expires_at]));
    const endOf = (signer: Fingerprint) => ends.get(signer) ?? null;
    return {
      sets: sets.all().map(({ id, images, members }) => ({
        id,
        images,
        signers: new Set(members.split(' ').flatMap((member) => signers.get(member) ?? [])),
      })),
      signatures,
      endOf,
      isAlone: (set, signer, at) => ![...set.signers].some((other) => other !== signer && !expiredAt(endOf(other), at)),
    };
  };
}
