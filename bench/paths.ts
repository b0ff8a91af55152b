// The paths that wrk maps into memory, for load of our own: in the same order, beginning anywhere.
import { openSync, readFileSync, readSync } from 'node:fs';
import type { Keys } from './dataset.ts';

export function createPaths({ paths, pathBytes, draws, drawn }: Keys): () => string {
  const order = new Uint32Array(readFileSync(draws).buffer);
  const file = openSync(paths, 'r');
  const text = Buffer.alloc(pathBytes);
  let cursor = Math.floor(Math.random() * drawn);
  return () => {
    cursor = (cursor + 1) % drawn;
    readSync(file, text, 0, pathBytes, (order[cursor] ?? 0) * pathBytes);
    return text.toString('latin1');
  };
}

/** Whether an answer has come to its end; ours and the peers' all have a length. */
export function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  return end >= 0 && answer.length >= end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1]);
}
