// Hundreds of readers in a thread of their own, so that whoever waits for one answer does not wait for theirs. Each walks
// an image as runtimes do, and what it is told must be possible whatever is uploaded and withdrawn meanwhile.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { openReadConnection } from './read-connection.ts';

export type ReadLoad = {
  readonly url: string;
  readonly readers: number;
  /** For each image its path without the number, and the hashes of all signatures it will ever have. */
  readonly images: readonly { readonly path: string; readonly known: readonly string[] }[];
};

/** To the thread: stop. From it: what was wrong, or how much was right. */
export type ReadLoadResult = { readonly answers: number; readonly error: string | null };

let going = true;
let answers = 0;

async function walk(url: string, path: string, known: ReadonlySet<string>): Promise<void> {
  const connection = await openReadConnection(url);
  while (going) {
    const seen = new Set<string>();
    for (let number = 1; ; number++) {
      const [answer] = await connection.ask(`${path}${number}`);
      assert.ok(answer);
      answers++;
      if (answer.status === 404) break;
      assert.equal(answer.status, 200);
      const hash = hashOf(answer.body);
      assert.ok(known.has(hash), `signature-${number} is of another image`);
      assert.ok(!seen.has(hash), `signature-${number} was there before`);
      seen.add(hash);
    }
  }
  connection.end();
}

export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const port = parentPort;
if (port) {
  const { url, readers, images } = workerData as ReadLoad;
  port.once('message', () => {
    going = false;
  });
  const walks = images.flatMap(({ path, known }) =>
    Array.from({ length: readers / images.length }, () => walk(url, path, new Set(known))),
  );
  const tell = (error: string | null) => port.postMessage({ answers, error } satisfies ReadLoadResult);
  Promise.all(walks).then(
    () => tell(null),
    (error) => tell(String(error)),
  );
}
