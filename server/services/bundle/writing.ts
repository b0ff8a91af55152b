// A store as a bundle: the same store gives the same bytes. In two passes over one snapshot, so that the list of hashes stands
// at the beginning and nothing larger than a page is in memory.
import { createHash, hash } from 'node:crypto';
import type { Instant } from '../../domain/instant.ts';
import type { Key } from '../../domain/key.ts';
import { EVERYTHING } from '../../domain/scope.ts';
import type { Image } from '../../domain/slot.ts';
import type { StoreLists } from '../../store/port.ts';
import { pagesOf } from '../pages.ts';
import { type Facts, formatFacts, formatPath, SUMS } from './contents.ts';
import { formatSum, type Sum } from './sums.ts';
import { END, formatHeader, padding } from './tar.ts';

/** All of one moment. */
export type Snapshot = Pick<StoreLists, 'listLive' | 'listKeys' | 'auditHead'>;

export type BundleParts = {
  readonly snapshot: Snapshot;
  readonly armorKey: (material: Uint8Array) => Promise<string>;
};

export type WrittenBundle = {
  /** Of all of it. */
  readonly sha256: string;
  readonly facts: Facts;
  readonly bytes: number;
};

export type WritingEvents = { expect(signatures: number): void; step(): void };
const SILENT: WritingEvents = { expect: () => {}, step: () => {} };

type File = { readonly path: string; readonly bytes: Buffer };

/** Any instant: what is asked for does not depend on it. */
const NOW = 0 as Instant;

/** `write` is called with piece after piece, in order. */
export async function writeBundle(
  { snapshot, armorKey }: BundleParts,
  write: (bytes: Buffer) => Promise<void> | void,
  events: WritingEvents = SILENT,
): Promise<WrittenBundle> {
  const keys = await keysOf(snapshot);
  const listed = await countLive(snapshot);
  const facts = await factsOf(snapshot, keys, listed);
  events.expect(facts.signatures);
  const first: File[] = [{ path: formatPath({ kind: 'facts' }), bytes: formatFacts(facts) }];
  for (const { fingerprint, material } of keys)
    first.push({ path: formatPath({ kind: 'key', fingerprint }), bytes: Buffer.from(await armorKey(material)) });

  const sha256 = createHash('sha256');
  let bytes = 0;
  const put = async (piece: Buffer) => {
    sha256.update(piece);
    bytes += piece.length;
    await write(piece);
  };
  const putFile = (file: File) =>
    put(Buffer.concat([formatHeader(file.path, file.bytes.length), file.bytes, padding(file.bytes.length)]));

  const size = listed.lines + formatSums(first).length;
  await put(formatHeader(SUMS, size));
  for await (const lines of sumsOf(first, snapshot)) await put(lines);
  await put(padding(size));
  for (const file of first) await putFile(file);
  for await (const page of livePages(snapshot))
    for (const { path, content } of page) {
      await putFile({ path, bytes: Buffer.from(content, 'latin1') });
      events.step();
    }
  await put(END);
  return { sha256: sha256.digest('hex'), facts, bytes };
}

/** The lines of the list, a page at a time. */
async function* sumsOf(first: readonly File[], snapshot: Snapshot): AsyncGenerator<Buffer> {
  yield formatSums(first);
  for await (const page of livePages(snapshot)) yield Buffer.from(page.map(formatSum).join(''));
}

function formatSums(files: readonly File[]): Buffer {
  return Buffer.from(files.map(({ path, bytes }) => formatSum({ path, sha256: hash('sha256', bytes) })).join(''));
}

/** What is in the pages, and how long their lines of the list are. */
async function countLive(snapshot: Snapshot): Promise<{ images: number; signatures: number; lines: number }> {
  let [images, signatures, lines] = [0, 0, 0];
  for await (const page of livePages(snapshot))
    for (const sum of page) {
      if (sum.path.endsWith('/signature-1')) images++;
      signatures++;
      lines += formatSum(sum).length;
    }
  return { images, signatures, lines };
}

async function* livePages(snapshot: Snapshot): AsyncGenerator<readonly (Sum & { readonly content: string })[]> {
  for await (const images of pagesOf((after: Image | null) => snapshot.listLive(after))) {
    yield images.flatMap((image) =>
      image.signatures.map(({ sha256, content }, index) => ({
        path: formatPath({ kind: 'signature', image, number: index + 1 }),
        sha256,
        content,
      })),
    );
    await new Promise(setImmediate); // the bar
  }
}

async function keysOf(snapshot: Snapshot): Promise<Key[]> {
  const keys: Key[] = [];
  const filter = { within: [EVERYTHING] };
  const pages = pagesOf((after: string | null) => snapshot.listKeys(filter, { limit: 100, after }, NOW));
  for await (const page of pages) keys.push(...page);
  return keys.sort((one, other) => (one.fingerprint < other.fingerprint ? -1 : 1));
}

async function factsOf(
  snapshot: Snapshot,
  keys: readonly Key[],
  { images, signatures }: Pick<Facts, 'images' | 'signatures'>,
): Promise<Facts> {
  return {
    audit: await snapshot.auditHead(),
    images,
    signatures,
    keys: keys.map(({ fingerprint, name, state, scopes }) => ({
      fingerprint,
      name,
      state: state.state,
      reason: state.state === 'revoked' ? state.reason : null,
      scopes: [...scopes],
    })),
  };
}
