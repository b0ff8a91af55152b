// Bundles as an attacker makes them: with every hash right, and one thing wrong.
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SUMS } from '../../server/services/bundle/contents.ts';
import { formatSum } from '../../server/services/bundle/sums.ts';
import { END, formatHeader, padding, readEntries } from '../../server/services/bundle/tar.ts';

export type Forged = {
  readonly path: string;
  readonly bytes: Buffer;
  /** In the place of the header that belongs there. */
  readonly header?: Buffer;
};

/** The files of a bundle but its list. */
export function filesIn(bundle: string): Forged[] {
  const archive = readFileSync(bundle);
  const readAt = (offset: number, length: number) => archive.subarray(offset, offset + length);
  return [...readEntries(readAt, archive.length)]
    .filter(({ path }) => path !== SUMS)
    .map(({ path, offset, size }) => ({ path, bytes: readAt(offset, size) }));
}

/** `listed`: what the list says, where that is not what is there. */
export function forge(files: readonly Forged[], listed: readonly Forged[] = files): Buffer {
  const sums = Buffer.from(
    listed.map(({ path, bytes }) => formatSum({ path, sha256: hash('sha256', bytes) })).join(''),
  );
  return Buffer.concat([
    ...[{ path: SUMS, bytes: sums }, ...files].flatMap(({ path, bytes, header }: Forged) => [
      header ?? formatHeader(path, bytes.length),
      bytes,
      padding(bytes.length),
    ]),
    END,
  ]);
}

/** A header with other octets at a place, and a checksum that is right again. */
export function headerWith(path: string, size: number, changes: Readonly<Record<number, string>>): Buffer {
  const header = Buffer.from(formatHeader(path, size));
  const block = header.subarray(-512);
  for (const [at, text] of Object.entries(changes)) block.write(text, Number(at), 'latin1');
  block.write(' '.repeat(8), 148);
  block.write(
    `${block
      .reduce((sum, octet) => sum + octet, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  );
  return header;
}
