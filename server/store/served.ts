// What depends on a key, or on one of its subkeys: how many signatures and images, and how many images nothing else signs.
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';
import type { Served, Signer } from './key-port.ts';
import { createSignerSets, isOf, type SignerSets } from './signer-sets.ts';

export function createServed(db: Db) {
  const signerSets = createSignerSets(db);
  return {
    /**
     * Puts what depends on it to each of some items. Another key keeps an image signed when it lives at least as long. All
     * that is asked of what this returns is counted from one look at the sets.
     */
    servedAt(now: Instant): WithServed {
      let sets: SignerSets | null = null;
      return (items, signerOf) => {
        if (items.length === 0) return [];
        sets ??= signerSets();
        return withServed(sets, { items, signerOf, now });
      };
    },

    /** If it ended at an instant. */
    impact: (by: Signer, at: Instant): Served => countServed(signerSets(), [{ ...by, at }])[0] as Served,
  };
}

type WithServed = <T>(items: readonly T[], signerOf: (item: T) => Signer) => (T & { readonly served: Served })[];

type Counted<T> = { readonly items: readonly T[]; readonly signerOf: (item: T) => Signer; readonly now: Instant };

function withServed<T>(all: SignerSets, { items, signerOf, now }: Counted<T>): (T & { readonly served: Served })[] {
  const asked = items.map(signerOf).map((by) => ({ ...by, at: Math.max(all.endOf(by) ?? now, now) as Instant }));
  const counts = countServed(all, asked);
  return items.map((item, index) => ({ ...item, served: counts[index] as Served }));
}

type Asked = Signer & { readonly at: Instant };

function countServed(all: SignerSets, wanted: readonly Asked[]): Served[] {
  const counts = wanted.map((by) => ({ by, signatures: all.signaturesOf(by), images: 0, onlyImages: 0 }));
  const bySigner: ReadonlyMap<Fingerprint, typeof counts> = Map.groupBy(counts, ({ by }) => by.signer);
  for (const set of all.sets)
    for (const signer of set.signers)
      for (const count of bySigner.get(signer) ?? []) {
        if (!set.parts.some((part) => isOf(part, count.by))) continue;
        count.images += set.images;
        if (all.isAlone(set, count.by, count.by.at)) count.onlyImages += set.images;
      }
  return counts.map(({ by: _, ...served }) => served);
}
