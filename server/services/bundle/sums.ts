// The list of hashes at the beginning of a bundle, in the format of sha256sum(1). Read line by line where it lies, since it
// may be longer than memory should be.
import { malformed } from './malformed.ts';
import type { ReadAt } from './tar.ts';

export type Sum = { readonly path: string; readonly sha256: string };

const CHUNK = 256 * 1024;

export function formatSum({ path, sha256 }: Sum): string {
  return `${sha256}  ${path}\n`;
}

export function* readSums(readAt: ReadAt, { offset, size }: { offset: number; size: number }): Generator<Sum> {
  let rest = '';
  for (let at = 0; at < size; at += CHUNK) {
    const lines = (rest + readAt(offset + at, Math.min(CHUNK, size - at)).toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield parseSum(line);
    if (rest.length > CHUNK) break;
  }
  if (rest !== '') throw malformed('its list of hashes has a line without an end');
}

function parseSum(line: string): Sum {
  const [, sha256, path] = /^([0-9a-f]{64}) {2}([\x21-\x7e]+)$/.exec(line) ?? [];
  if (sha256 === undefined || path === undefined) throw malformed('its list of hashes has a line that is none');
  return { sha256, path };
}
