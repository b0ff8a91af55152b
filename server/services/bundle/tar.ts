// The archive of a bundle: a tar file (POSIX.1-2001, pax) that every tar can unpack, in exactly one form. What is read is
// formatted again and compared, so whatever else an archive can hold - links, devices, modes, owners, sparse files, names
// that two programs read in two ways - is refused without a rule for each.
import { malformed } from './malformed.ts';

const BLOCK = 512;
/** Of names in the two fields of a header; longer ones get a header of their own. */
const NAME = 100;
const PREFIX = 155;
/** 2000-01-01. The same for all files: the same store makes the same bytes. */
const MTIME = 946_684_800;
/** No path of a bundle comes near this. */
const LONGEST_PATH = 900;

export const END = Buffer.alloc(2 * BLOCK);

/** What stands before the content of a file. `path` is ASCII. */
export function formatHeader(path: string, size: number): Buffer {
  if (path.length <= NAME) return header(path, '', { size, type: '0' });
  const slash = path.lastIndexOf('/');
  if (slash <= PREFIX && path.length - slash - 1 <= NAME)
    return header(path.slice(slash + 1), path.slice(0, slash), { size, type: '0' });
  const record = Buffer.from(paxRecord(path));
  return Buffer.concat([
    header('pax', '', { size: record.length, type: 'x' }),
    record,
    padding(record.length),
    header(path.slice(0, NAME), '', { size, type: '0' }),
  ]);
}

/** What stands behind content of this size. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

function header(name: string, prefix: string, { size, type }: { size: number; type: '0' | 'x' }): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  block.write(name, 0, 'latin1');
  block.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(MTIME, 12), 100, 'latin1');
  block.write(`${' '.repeat(8)}${type}`, 148, 'latin1'); // the checksum counts itself as spaces
  block.write('ustar\u000000root', 257, 'latin1');
  block.write('root', 297, 'latin1');
  block.write(octal(0, 8) + octal(0, 8) + prefix, 329, 'latin1');
  const sum = block.reduce((total, octet) => total + octet, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** `<length> path=<path>\n`, where the length counts its own digits. */
function paxRecord(path: string): string {
  const rest = ` path=${path}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length++;
  return `${length}${rest}`;
}

export type Entry = { readonly path: string; readonly size: number; readonly offset: number };

/** Bytes of a file; fewer at its end. */
export type ReadAt = (offset: number, length: number) => Buffer;

/** The files of an archive of `size` bytes, in order. Throws BUNDLE_INVALID for anything but the one form. */
export function* readEntries(readAt: ReadAt, size: number): Generator<Entry> {
  let at = 0;
  while (size - at > END.length) {
    const head = readHeader(readAt, at);
    const entry = { ...head, offset: at + head.length };
    const end = entry.offset + entry.size;
    at = end + padding(entry.size).length;
    if (at > size - END.length) throw malformed('it ends before it is complete');
    if (!readAt(end, at - end).equals(padding(entry.size))) throw malformed('there is something between two files');
    yield { path: entry.path, size: entry.size, offset: entry.offset };
  }
  if (!readAt(at, END.length + 1).equals(END)) throw malformed('its end is not that of a bundle');
}

function readHeader(readAt: ReadAt, at: number): { path: string; size: number; length: number } {
  const first = readAt(at, BLOCK);
  const long = first[156] === 'x'.charCodeAt(0);
  const pax = long ? sizeOf(first) : 0;
  if (pax > LONGEST_PATH) throw malformed('a name is too long');
  const length = long ? 2 * BLOCK + pax + padding(pax).length : BLOCK;
  const read = readAt(at, length);
  const block = read.subarray(-BLOCK);
  const path = long ? pathIn(read.toString('latin1', BLOCK, BLOCK + pax)) : pathOf(block);
  const size = sizeOf(block);
  if (path === '' || !formatHeader(path, size).equals(read))
    throw malformed('it holds something other than the plain files of a bundle');
  return { path, size, length };
}

function pathIn(record: string): string {
  return /^\d+ path=([\x21-\x7e]+)\n$/.exec(record)?.[1] ?? '';
}

function pathOf(block: Buffer): string {
  const field = (from: number, length: number) => block.toString('latin1', from, from + length).replace(/\0.*$/s, '');
  const prefix = field(345, PREFIX);
  return `${prefix === '' ? '' : `${prefix}/`}${field(0, NAME)}`;
}

/** Whatever is no number becomes one that no header has. */
function sizeOf(block: Buffer): number {
  return Number.parseInt(block.toString('latin1', 124, 135), 8) || 0;
}
