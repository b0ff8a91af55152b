// Which signatures an image may have, from memory: eight bytes a signature. Most questions of clients are about images
// that nobody signed, and this answers them without the database; for the others it names the row, which is several
// times cheaper to read by its number than by its image.
//
// An index of hints: it holds 32 bits of a hash of the image, so it can name rows of other images, and rows that are no
// longer live. Whoever reads the row sees that. What it must never do is miss one, so it knows until which row it is complete.
import type { Image } from '../domain/slot.ts';
import { hashText } from '../domain/text-hash.ts';
import type { Db } from './database.ts';

export type ImageIndex = {
  /** That it may come to take: enough for twice as many signatures as there are now. */
  readonly bytes: number;
  /** Rows that may be signatures of the image, in order of acceptance. Null: ask the database. */
  find(image: Image): readonly number[] | null;
  /** Rows may have been added since the last look. */
  outdated(): void;
  /** Reads the next slice of what is in the store; false when there is no more. */
  learn(): boolean;
};

type Row = { id: number; repository: string; digest: string };

const BYTES = 8;
const SMALLEST = 1024;
/** That a slot holds. */
const LARGEST = 2 ** 31 - 1;
/** Rows read at a time while requests may be waiting: well under a millisecond. */
const SLICE = 500;
/** More rows than this for one image, by chance or by design, are for the database to sort out. */
const MOST = 128;

export type ImageIndexOptions = {
  /** For any number of signatures. Beyond, the database is asked. */
  readonly maxBytes: number;
  /** Random, and known to nobody outside: uploaders choose names and, within their keys, digests. */
  readonly seed: number;
};

/** Of commands and workers, which answer no reads. */
export const NO_INDEX: ImageIndexOptions = { maxBytes: 0, seed: 0 };

const NOTHING_KNOWN: ImageIndex = { bytes: 0, find: () => null, outdated() {}, learn: () => false };

export function createImageIndex(db: Db, { maxBytes, seed }: ImageIndexOptions): ImageIndex {
  if (maxBytes < SMALLEST * BYTES) return NOTHING_KNOWN;
  const last = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM signatures').pluck();
  const slice = db.prepare<[string, string, number], Row>(`
    SELECT id, repository, digest FROM signatures INDEXED BY signatures_by_image
     WHERE withdrawn_at IS NULL AND (repository, digest, id) > (?, ?, ?) ORDER BY repository, digest, id LIMIT ${SLICE}`);
  const added = db.prepare<[number], Row>(
    `SELECT id, repository, digest FROM signatures WHERE id > ? ORDER BY id LIMIT ${SLICE}`,
  );

  const bytes = Math.min(maxBytes, Math.max(maxBytes / 4, 2 * BYTES * capacityFor(rowsOf(last))));
  let table: HashTable | null = null;
  let abandoned = false; // there is not the memory for it
  let read: Row | null = { id: 0, repository: '', digest: '' }; // the last one of the slices; null when all are read
  let completeTo = 0;
  let behind = false;

  function add({ id, repository, digest }: Row): void {
    if (table === null) return;
    if (id > LARGEST) return giveUp();
    if (table.full()) {
      if (table.bytes * 2 > bytes) return giveUp();
      table = table.larger();
    }
    table.add(hash(repository, digest, seed), id);
  }

  function giveUp(): void {
    abandoned = true;
    table = null;
  }

  function catchUp(): void {
    for (let rows = added.all(completeTo); rows.length > 0 && !abandoned; rows = added.all(completeTo)) {
      for (const row of rows) add(row);
      completeTo = (rows.at(-1) as Row).id;
    }
    behind = false;
  }

  function start(): void {
    completeTo = last.get() ?? 0;
    const capacity = capacityFor(completeTo);
    if (capacity * BYTES > bytes) giveUp();
    else table = createHashTable(capacity);
  }

  return {
    bytes,

    outdated() {
      behind = true;
    },

    find({ repository, digest }) {
      if (abandoned || read !== null) return null;
      if (behind) catchUp();
      const rows = table?.find(hash(repository, digest, seed)) ?? null;
      return rows !== null && rows.length <= MOST ? rows : null;
    },

    learn() {
      if (abandoned || read === null) return false;
      if (table === null) start();
      const rows = slice.all(read.repository, read.digest, read.id);
      for (const row of rows) add(row);
      read = rows.at(-1) ?? null;
      if (read === null) behind = true; // of what was added meanwhile
      return read !== null && !abandoned;
    },
  };
}

/** A damaged table is told to whoever reads it, and must not keep the rest from being served. */
function rowsOf(last: { get(): number | undefined }): number {
  try {
    return last.get() ?? 0;
  } catch {
    return 0;
  }
}

function capacityFor(rows: number): number {
  let capacity = SMALLEST;
  while (capacity * LOAD < rows) capacity *= 2;
  return capacity;
}

/** Slots in use, at most: beyond, searching gets long. */
const LOAD = 0.7;

type HashTable = {
  readonly bytes: number;
  full(): boolean;
  add(key: number, row: number): void;
  find(key: number): number[];
  larger(): HashTable;
};

/** Open addressing, pairs of hash and row; a row of 0 is an empty slot. Nothing is ever taken out. */
function createHashTable(capacity: number): HashTable {
  const slots = new Int32Array(capacity * 2);
  const mask = capacity - 1;
  let used = 0;

  function add(key: number, row: number): void {
    let slot = key & mask;
    while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
    slots[slot * 2] = key;
    slots[slot * 2 + 1] = row;
    used++;
  }

  return {
    bytes: capacity * BYTES,
    full: () => used >= capacity * LOAD,
    add,

    find(key: number): number[] {
      const rows: number[] = [];
      for (let slot = key & mask; slots[slot * 2 + 1] !== 0; slot = (slot + 1) & mask)
        if (slots[slot * 2] === key) rows.push(slots[slot * 2 + 1] as number);
      // A row that was added while the slices were being read may have come twice.
      return rows.length < 2 ? rows : [...new Set(rows)].sort((a, b) => a - b);
    },

    larger(): HashTable {
      const larger = createHashTable(capacity * 2);
      for (let slot = 0; slot < capacity; slot++)
        if (slots[slot * 2 + 1] !== 0) larger.add(slots[slot * 2] as number, slots[slot * 2 + 1] as number);
      return larger;
    },
  };
}

function hash(repository: string, digest: string, seed: number): number {
  return hashText(digest, hashText(repository, seed));
}
