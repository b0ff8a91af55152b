// What wrk asks, for load of our own: the same requests for the same paths in the same order, beginning anywhere.
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

const CLIENT = 'User-Agent: containers/5.30 (github.com/containers/image)\r\nAccept-Encoding: gzip\r\n';

/** As runtimes write it; the last one on a connection says so. */
export function requestOf(port: number, path: string, last: boolean): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${CLIENT}${last ? 'Connection: close\r\n' : ''}\r\n`;
}
