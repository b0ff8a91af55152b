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

export type { LiveSignature };

export type Lookaside<Answer> = {
  /** By path, without the query. Null is a 404, whatever the reason. Throws only for a fault of the store. */
  find(path: string): Answer | null;
  /** `find` for requests that arrive together: takes note of all that was committed until now. */
  refresh(): void;
  /** As of the last `refresh`. Undefined: not a lookaside path at all. */
  lookUp(path: string): Answer | null | undefined;
};

/** What remembering costs beside the bytes themselves, as measured: heap per image and per signature. */
const IMAGE_BYTES = 350;
const SIGNATURE_BYTES = 300;

const TAIL = '/signature-';
const ZERO = '0'.charCodeAt(0);

/** How the memory for reads is shared out: a part for knowing which images are signed, the rest for what is served. */
export function shareOut(bytes: number): { readonly indexBytes: number; readonly cacheBytes: number } {
  return { indexBytes: bytes / 4, cacheBytes: (bytes * 3) / 4 };
}

type Parts<Answer> = {
  readonly store: LiveReads;
  readonly defaultRegistry: Registry;
  readonly cacheBytes: number;
  /** What is remembered of a signature: made once, for all its readers. */
  readonly prepare: (signature: LiveSignature) => Answer;
};

/** The store as it is, remembering the signatures themselves. */
export function createLookaside(
  store: LiveReads,
  defaultRegistry: Registry,
  cacheBytes: number,
): Lookaside<LiveSignature> {
  return createPreparedLookaside({ store, defaultRegistry, cacheBytes, prepare: (signature) => signature });
}

export function createPreparedLookaside<Answer>(parts: Parts<Answer>): Lookaside<Answer> {
  const { store, defaultRegistry, cacheBytes, prepare } = parts;
  const remembered = new LRUCache<string, readonly Answer[]>({ maxSize: Math.max(1, cacheBytes) });

  function refresh(): void {
    const changes = store.changes();
    if (changes === 'everything') remembered.clear();
    else for (const image of changes) remembered.delete(cacheKey(image));
  }

  function imageSignatures(image: Image): readonly Answer[] {
    const key = cacheKey(image);
    const known = remembered.get(key);
    if (known) return known;
    const found = store.live(image);
    const answers = found.map(prepare);
    if (found.length > 0) remembered.set(key, answers, { size: sizeOf(key, found) });
    return answers;
  }

  function lookUp(path: string): Answer | null | undefined {
    // A path as clients write it is its own cache key: no need to take it apart.
    const at = path.lastIndexOf(TAIL);
    const known = at < 0 ? undefined : remembered.get(path.slice(0, at));
    const number = known ? plainNumber(path, at + TAIL.length) : 0;
    if (known && number > 0) return known[number - 1] ?? null;

    const parsed = readLookasidePath(path, defaultRegistry);
    if (parsed === null) return undefined;
    if (parsed.kind === 'slot') return imageSignatures(parsed.slot)[parsed.slot.number - 1] ?? null;
    const found = store.liveByDigest(parsed.slot satisfies DigestSlot);
    return found && prepare(found);
  }

  return {
    refresh,
    lookUp,
    find(path) {
      refresh();
      return lookUp(path) ?? null;
    },
  };
}

function sizeOf(key: string, signatures: readonly LiveSignature[]): number {
  return signatures.reduce((sum, { content }) => sum + content.length + SIGNATURE_BYTES, IMAGE_BYTES + key.length);
}

function cacheKey(image: Image): string {
  return `/${formatImage(image)}`;
}

/** The number at the end of a path, as the grammar has it; 0 leaves the question to the parser. */
function plainNumber(path: string, from: number): number {
  const digits = path.length - from;
  if (digits < 1 || digits > 3 || path.charCodeAt(from) === ZERO) return 0;
  let number = 0;
  for (let at = from; at < path.length; at++) {
    const digit = path.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    number = number * 10 + digit;
  }
  return number;
}
