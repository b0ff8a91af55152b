// A thread that signs its share of a corpus, one run of numbers.
import { parentPort, workerData } from 'node:worker_threads';
import { type CorpusPart, claimOf } from './corpus.ts';
import { createSign } from './signing-key.ts';

const { key, count, part, parts } = workerData as CorpusPart;
const sign = createSign(key);
const signed: Buffer[] = [];
for (let index = Math.floor((count * part) / parts); index < Math.floor((count * (part + 1)) / parts); index++) {
  const { bytes } = sign(claimOf(index).payload);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  signed.push(length, bytes);
}
parentPort?.postMessage(new Uint8Array(Buffer.concat(signed)));
