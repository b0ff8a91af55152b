// Who the live signatures of images are by, counted from the sets of signers, of which there are few, and the state of
// the keys as it is now: neither revoking a key nor the time that passes changes a row of the catalogue.
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import { expiredAt, type SigningKey } from '../domain/key.ts';
import type { Db } from './database.ts';
import type { Signer } from './key-port.ts';
import { createRevokedParts } from './live-rows.ts';

type Standing = { signer: Fingerprint; signing_key: Fingerprint; standing: number };
type Known = { fingerprint: Fingerprint; expires_at: Instant | null; signing_keys: string };

/** A primary key or a subkey with live signatures. */
type Part = {
  readonly signer: Fingerprint;
  readonly signingKey: Fingerprint;
  readonly signatures: number;
  /** Its own end or that of its key, whichever is first; null: never. */
  readonly endsAt: Instant | null;
};

export type SignerSet = {
  readonly id: number;
  /** How many have exactly these signers. */
  readonly images: number;
  /** Of their live signatures. */
  readonly signers: ReadonlySet<Fingerprint>;
  readonly parts: readonly Part[];
};

export type SignerSets = {
  readonly sets: readonly SignerSet[];
  /** Live signatures. */
  signaturesOf(by: Signer): number;
  /** Null: never. */
  endOf(by: Signer): Instant | null;
  /** Whether nobody else has signed these images who is good at an instant. */
  isAlone(set: SignerSet, by: Signer, at: Instant): boolean;
};

export function createSignerSets(db: Db): () => SignerSets {
  const sets = db.prepare<[], { id: number; members: string; images: number }>(
    "SELECT id, members, images FROM signer_sets WHERE images > 0 AND members <> ''",
  );
  const standing = db.prepare<[], Standing>('SELECT signer, signing_key, standing FROM signers');
  const revokedParts = createRevokedParts(db);
  const known = db.prepare<[], Known>(
    'SELECT fingerprint, expires_at, signing_keys FROM keys WHERE fingerprint IN (SELECT signer FROM signers)',
  );

  return () => {
    const revoked = new Set(revokedParts());
    const ends = new Map(known.all().flatMap((row) => [...endsOf(row)]));
    const endOf = (member: string) => ends.get(member) ?? null;
    /** The members of sets whose signatures are live. */
    const parts = new Map<string, Part>();
    for (const { signer, signing_key: signingKey, standing: signatures } of standing.all()) {
      const member = `${signer}/${signingKey}`;
      if (!revoked.has(member)) parts.set(member, { signer, signingKey, signatures, endsAt: endOf(member) });
    }
    return {
      sets: sets.all().map(({ id, images, members }) => {
        const found = members.split(' ').flatMap((member) => parts.get(member) ?? []);
        return { id, images, signers: new Set(found.map(({ signer }) => signer)), parts: found };
      }),
      signaturesOf: (by) =>
        [...parts.values()].reduce((sum, part) => (isOf(part, by) ? sum + part.signatures : sum), 0),
      endOf: ({ signer, subkey }) => endOf(subkey === undefined ? signer : `${signer}/${subkey}`),
      isAlone: ({ parts }, by, at) => parts.every((part) => isOf(part, by) || expiredAt(part.endsAt, at)),
    };
  };
}

export function isOf({ signer, signingKey }: Pick<Part, 'signer' | 'signingKey'>, by: Signer): boolean {
  return signer === by.signer && (by.subkey === undefined || signingKey === by.subkey);
}

/** Of a key by its fingerprint, and of its parts as members of sets. */
function* endsOf({ fingerprint, expires_at: whole, signing_keys }: Known): Generator<[string, Instant | null]> {
  yield [fingerprint, whole];
  for (const { fingerprint: part, expiresAt } of JSON.parse(signing_keys) as SigningKey[])
    yield [`${fingerprint}/${part}`, expiresAt === null || (whole !== null && whole < expiresAt) ? whole : expiresAt];
}
