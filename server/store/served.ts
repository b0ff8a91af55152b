// What depends on a key: how many signatures and images, and how many images nothing else signs.
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';
import type { Served } from './key-port.ts';
import { createSignerSets, type SignerSets } from './signer-sets.ts';

export const NOTHING: Served = { signatures: 0, images: 0, onlyImages: 0 };

export function createServed(db: Db) {
  const signerSets = createSignerSets(db);
  return {
    /** Another key keeps an image signed when it lives at least as long as the one in question. */
    served(wanted: readonly Fingerprint[], now: Instant): ReadonlyMap<Fingerprint, Served> {
      const all = signerSets();
      return countServed(all, wanted, (signer) => Math.max(all.endOf(signer) ?? now, now) as Instant);
    },

    /** If it ended at an instant. */
    impact: (fingerprint: Fingerprint, at: Instant): Served =>
      countServed(signerSets(), [fingerprint], () => at).get(fingerprint) ?? NOTHING,
  };
}

function countServed(all: SignerSets, wanted: readonly Fingerprint[], endOf: (signer: Fingerprint) => Instant) {
  const counts = new Map(
    wanted.map((signer) => [signer, { signatures: all.signatures.get(signer) ?? 0, images: 0, onlyImages: 0 }]),
  );
  for (const set of all.sets)
    for (const signer of set.signers) {
      const count = counts.get(signer);
      if (!count) continue;
      count.images += set.images;
      if (all.isAlone(set, signer, endOf(signer))) count.onlyImages += set.images;
    }
  return counts;
}
