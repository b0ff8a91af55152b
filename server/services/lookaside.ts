// The read path: a lookaside path in, a live signature or nothing out. Answers from memory what was served before,
// and is never behind: before each answer it asks the store what has been committed since, by whomever
// (store/changes.ts), and forgets just that.
//
// Only images that have signatures are remembered. A storm of made-up digests therefore cannot push out what is
// really pulled, and the usual last question of a client, the number after the last one, is answered from memory.
import type { AliasTable } from '../domain/alias.ts';
import type { Registry } from '../domain/repository-name.ts';
import {
  type DigestSlot,
  formatImage,
  type Image,
  type LookasidePath,
  readLookasidePath,
  type Slot,
} from '../domain/slot.ts';
import type { LiveReads, LiveSignature } from '../store/port.ts';
import { createSignatureMemory } from './signature-memory.ts';

export type { LiveSignature };

export type Lookaside = {
  /** By path, without the query. Null is a 404, whatever the reason. Throws only for a fault of the store. */
  find(path: string): LiveSignature | null;
  /** `find` for requests that arrive together: takes note of all that was committed until now. */
  refresh(): void;
  /** As of the last `refresh`. Undefined: not a lookaside path at all. */
  lookUp(path: string): LiveSignature | null | undefined;
  /** What a path means, as of the last `refresh`: what `lookUp` would look for. */
  parse(path: string): LookasidePath | null;
  /** What it remembers, and how often that was enough. */
  readonly memory: {
    readonly hits: number;
    readonly misses: number;
    readonly bytes: number;
    images(): number;
  };
};

const TAIL = '/signature-';
const ZERO = '0'.charCodeAt(0);

/** Of the memory for reads, what knowing which images are signed may take; the rest holds what is served. */
export const INDEX_SHARE = 1 / 4;

/** `seed` is random, where strangers choose the paths that the memory is asked for. */
export function createLookaside(store: LiveReads, defaultRegistry: Registry, cacheBytes: number, seed = 0): Lookaside {
  const memory = createSignatureMemory(cacheBytes, seed);
  let aliases: AliasTable | null = null;
  const asked = { hits: 0, misses: 0, bytes: memory.bytes, images: memory.images };

  function refresh(): void {
    const changes = store.changes();
    if (changes === 'everything') memory.clear();
    else for (const image of changes) memory.delete(memoryKey(image));
    aliases = store.aliases();
  }

  function find({ number, ...image }: Slot): LiveSignature | null {
    const key = memoryKey(image);
    const known = memory.get(key, number);
    if (known !== undefined) {
      asked.hits++;
      return known;
    }
    asked.misses++;
    const signatures = store.live(image, number);
    if (signatures.length > 0) memory.add(key, signatures);
    return signatures[number - 1] ?? null;
  }

  const parse = (path: string): LookasidePath | null => readLookasidePath(path, defaultRegistry, aliases);

  /** Only names in plain spelling are remembered. With an alias in front or not, any other is not found, and left to the grammar. */
  function keyOf(path: string): string {
    return aliases === null ? path : (aliases.rewrite(path) ?? path);
  }

  function lookUp(path: string): LiveSignature | null | undefined {
    // A path as clients write it is its own key: no need to take it apart.
    const at = path.lastIndexOf(TAIL);
    const number = at < 0 ? 0 : plainNumber(path, at + TAIL.length);
    const known = number > 0 ? memory.get(keyOf(path.slice(0, at)), number) : undefined;
    if (known !== undefined) {
      asked.hits++;
      return known;
    }

    const parsed = parse(path);
    if (parsed === null) return undefined;
    if (parsed.kind === 'slot') return find(parsed.slot);
    return store.liveByDigest(parsed.slot satisfies DigestSlot);
  }

  return {
    refresh,
    lookUp,
    parse,
    memory: asked,
    find(path) {
      refresh();
      return lookUp(path) ?? null;
    },
  };
}

function memoryKey(image: Image): string {
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
