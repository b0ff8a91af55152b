// Memory for signatures that were served, of a size that is known beforehand: one block of bytes, filled in the order in
// which images are remembered, and a table that says where each is. Kept as objects, the same signatures make the heap
// grow to several times their size, since what is forgotten stays until the collector has looked at everything.
//
// The block is divided into segments. When all are full, the one that was filled first is used again: images in it that
// were asked for since stay, up to three quarters of it, and the others are forgotten.
import type { Instant } from '../domain/instant.ts';
import { hashText } from '../domain/text-hash.ts';
import type { LiveSignature } from '../store/port.ts';

export type SignatureMemory = {
  /** The n-th signature under a key; null: there are fewer; undefined: nothing is remembered. */
  get(key: string, number: number): LiveSignature | null | undefined;
  /** Under a key that nothing is remembered under. */
  add(key: string, signatures: readonly LiveSignature[]): void;
  delete(key: string): void;
  clear(): void;
  /** How many keys something is remembered under. */
  images(): number;
  /** What it takes, however much is in it. */
  readonly bytes: number;
};

const SEGMENTS = 32;
/** Of a segment that is used again. The rest is for what is new, and so the most that an image may take. */
const KEPT = 3 / 4;
/** Places in the table for a hash; if all are taken, one is given up. */
const WAYS = 8;
/** What an image takes at least: the table is made for as many of them as fit. */
const SMALLEST = 512;
/** Images begin at multiples of this, so that 32 bits say where, in up to 64 GiB. */
const UNIT = 16;

// An image in the block: size (4), hash (4), asked for since (1), number of signatures (1), length of the key (2), the
// key; then its signatures: time (8), SHA-256 (32), length (4), the signature.
const IMAGE_HEAD = 12;
const SIGNATURE_HEAD = 44;
const [HASH, ASKED, COUNT, KEY_LENGTH] = [4, 8, 9, 10];
const [SHA256, LENGTH] = [8, 40];

export function createSignatureMemory(maxBytes: number, seed: number): SignatureMemory {
  const ways = WAYS * Math.max(1, Math.ceil(maxBytes / SMALLEST / WAYS));
  const segmentBytes = Math.max(0, Math.floor((maxBytes - ways * 8) / SEGMENTS / UNIT)) * UNIT;
  const block = Buffer.allocUnsafeSlow(segmentBytes * SEGMENTS);
  /** Pairs of hash and place; 0 is an empty way. */
  const table = new Uint32Array(ways * 2);
  const used = new Uint32Array(SEGMENTS);
  let segment = 0;
  let images = 0;

  const hashOf = (key: string): number => hashText(key, seed) >>> 0;

  /** The way that leads to a place in the block, or -1. */
  function wayOf(hash: number, at: number): number {
    const first = bucketOf(hash);
    for (let way = first; way < first + WAYS; way++) if (table[way * 2 + 1] === placeOf(at)) return way;
    return -1;
  }

  function bucketOf(hash: number): number {
    return (hash % (ways / WAYS)) * WAYS;
  }

  /** Where in the block, or -1. */
  function find(key: string, hash: number): number {
    const first = bucketOf(hash);
    for (let way = first; way < first + WAYS; way++) {
      if (table[way * 2] !== hash) continue;
      const place = table[way * 2 + 1] as number;
      if (place !== 0 && keyAt((place - 1) * UNIT) === key) return (place - 1) * UNIT;
    }
    return -1;
  }

  function keyAt(at: number): string {
    return block.toString('latin1', at + IMAGE_HEAD, at + IMAGE_HEAD + block.readUInt16LE(at + KEY_LENGTH));
  }

  function setWay(hash: number, at: number): void {
    const first = bucketOf(hash);
    let way = first;
    while (way < first + WAYS && table[way * 2 + 1] !== 0) way++;
    if (way === first + WAYS) way = first + (placeOf(at) % WAYS);
    else images++;
    table[way * 2] = hash;
    table[way * 2 + 1] = placeOf(at);
  }

  /** Makes room in the segment that was filled first, and goes on there. */
  function nextSegment(): void {
    segment = (segment + 1) % SEGMENTS;
    const start = segment * segmentBytes;
    const end = start + (used[segment] as number);
    let kept = start;
    for (let at = start; at < end; ) {
      const size = block.readUInt32LE(at);
      const way = wayOf(block.readUInt32LE(at + HASH), at);
      if (way >= 0) {
        const stays = block[at + ASKED] === 1 && kept - start + size <= segmentBytes * KEPT;
        table[way * 2 + 1] = stays ? placeOf(kept) : 0;
        if (!stays) images--;
        if (stays) {
          block.copyWithin(kept, at, at + size);
          block[kept + ASKED] = 0;
          kept += size;
        }
      }
      at += size;
    }
    used[segment] = kept - start;
  }

  return {
    get(key, number) {
      const at = find(key, hashOf(key));
      return at < 0 ? undefined : readImage(block, at, number);
    },

    add(key, signatures) {
      const size = rounded(
        signatures.reduce((sum, { content }) => sum + SIGNATURE_HEAD + content.length, IMAGE_HEAD + key.length),
      );
      if (size > segmentBytes * (1 - KEPT) || signatures.length > 255) return;
      if ((used[segment] as number) + size > segmentBytes) nextSegment();
      const at = segment * segmentBytes + (used[segment] as number);
      const hash = hashOf(key);
      writeImage(block, at, { key, hash, signatures });
      setWay(hash, at);
      used[segment] = (used[segment] as number) + size;
    },

    delete(key) {
      const hash = hashOf(key);
      const at = find(key, hash);
      if (at < 0) return;
      table[wayOf(hash, at) * 2 + 1] = 0;
      images--;
    },

    clear() {
      table.fill(0);
      used.fill(0);
      images = 0;
    },

    images: () => images,

    bytes: block.length + table.byteLength,
  };
}

type Image = { readonly key: string; readonly hash: number; readonly signatures: readonly LiveSignature[] };

function writeImage(block: Buffer, at: number, { key, hash, signatures }: Image): void {
  block.writeUInt32LE(hash, at + HASH);
  block[at + ASKED] = 0;
  block[at + COUNT] = signatures.length;
  block.writeUInt16LE(key.length, at + KEY_LENGTH);
  let next = at + IMAGE_HEAD + block.write(key, at + IMAGE_HEAD, 'latin1');
  for (const { sha256, storedAt, content } of signatures) {
    block.writeDoubleLE(storedAt, next);
    block.write(sha256, next + SHA256, 'hex');
    block.writeUInt32LE(content.length, next + LENGTH);
    next += SIGNATURE_HEAD + block.write(content, next + SIGNATURE_HEAD, 'latin1');
  }
  block.writeUInt32LE(rounded(next - at), at);
}

function readImage(block: Buffer, at: number, number: number): LiveSignature | null {
  block[at + ASKED] = 1;
  if (number > (block[at + COUNT] as number)) return null;
  let next = at + IMAGE_HEAD + block.readUInt16LE(at + KEY_LENGTH);
  for (let skipped = 1; skipped < number; skipped++) next += SIGNATURE_HEAD + block.readUInt32LE(next + LENGTH);
  const contentAt = next + SIGNATURE_HEAD;
  return {
    storedAt: block.readDoubleLE(next) as Instant,
    sha256: block.toString('hex', next + SHA256, next + LENGTH),
    content: block.toString('latin1', contentAt, contentAt + block.readUInt32LE(next + LENGTH)),
  };
}

function placeOf(at: number): number {
  return at / UNIT + 1;
}

function rounded(bytes: number): number {
  return Math.ceil(bytes / UNIT) * UNIT;
}
