// The read path: a lookaside path in, a live signature or nothing out. Answers from memory what was served before,
// and is never behind: before each answer it asks the store what has been committed since, by whomever
// (store/changes.ts), and forgets just that.
//
// Only images that have signatures are remembered. A storm of made-up digests therefore cannot push out what is
// really pulled, and the usual last question of a client, the number after the last one, is answered from memory.
import { LRUCache } from 'lru-cache';
import type { Registry } from '../domain/repository-name.ts';
import { type DigestSlot, formatImage, type Image, readLookasidePath } from '../domain/slot.ts';
import type { LiveReads, LiveSignature } from '../store/port.ts';

export type Lookaside = {
  /** By path, without the query. Null is a 404, whatever the reason. Throws only for a fault of the store. */
  find(path: string): LiveSignature | null;
};

/** What remembering costs beside the bytes themselves, as measured: heap per image and per signature. */
const IMAGE_BYTES = 350;
const SIGNATURE_BYTES = 300;

const TAIL = '/signature-';

export function createLookaside(store: LiveReads, defaultRegistry: Registry, cacheBytes: number): Lookaside {
  const remembered = new LRUCache<string, readonly LiveSignature[]>({
    maxSize: Math.max(1, cacheBytes),
    sizeCalculation: (signatures, key) =>
      signatures.reduce((sum, { content }) => sum + content.length + SIGNATURE_BYTES, IMAGE_BYTES + key.length),
  });

  function refresh(): void {
    const changes = store.changes();
    if (changes === 'everything') remembered.clear();
    else for (const image of changes) remembered.delete(cacheKey(image));
  }

  function imageSignatures(image: Image): readonly LiveSignature[] {
    const key = cacheKey(image);
    const known = remembered.get(key);
    if (known) return known;
    const found = store.live(image);
    if (found.length > 0) remembered.set(key, found);
    return found;
  }

  return {
    find(path) {
      refresh();
      // A path as clients write it is its own cache key: no need to take it apart.
      const at = path.lastIndexOf(TAIL);
      const known = at < 0 ? undefined : remembered.get(path.slice(0, at));
      const number = known ? plainNumber(path.slice(at + TAIL.length)) : 0;
      if (known && number > 0) return known[number - 1] ?? null;

      const parsed = readLookasidePath(path, defaultRegistry);
      if (parsed === null) return null;
      if (parsed.kind === 'digest') return store.liveByDigest(parsed.slot satisfies DigestSlot);
      return imageSignatures(parsed.slot)[parsed.slot.number - 1] ?? null;
    },
  };
}

function cacheKey(image: Image): string {
  return `/${formatImage(image)}`;
}

/** The number as the grammar has it; 0 leaves the question to the parser. */
function plainNumber(text: string): number {
  return /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : 0;
}
