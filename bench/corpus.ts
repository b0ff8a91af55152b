// Signatures that verify, of images that differ, in one file: what uploads are made of. Made by two threads.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Algorithm, makeSigningKey, type SigningKey } from './signing-key.ts';

const THREADS = 2;
/** As many signatures as an image has that was signed by its build and again for its release. */
const PER_IMAGE = 2;
export const REGISTRY = 'registry.example.com';

export type Corpus = {
  readonly key: SigningKey;
  readonly count: number;
  /** Each signature after its length in four octets. */
  readonly file: string;
  /** The folder, for what is made of the corpus. */
  readonly folder: string;
};

/** What the signature with this number is of. */
export function claimOf(index: number): { path: string; hex: string; number: number; payload: Buffer } {
  const image = Math.floor(index / PER_IMAGE);
  const number = 1 + (index % PER_IMAGE);
  const path = `acme/app-${image % 200}`;
  const hex = createHash('sha256').update(`image ${image}`).digest('hex');
  const critical = {
    type: 'atomic container signature',
    image: { 'docker-manifest-digest': `sha256:${hex}` },
    identity: { 'docker-reference': `${REGISTRY}/${path}:v${number}` },
  };
  const optional = { creator: 'lookaside bench', timestamp: 1_700_000_000 };
  return { path, hex, number, payload: Buffer.from(JSON.stringify({ critical, optional })) };
}

export async function makeCorpus(parent: string, algorithm: Algorithm, count: number): Promise<Corpus> {
  const folder = join(parent, `signed-${algorithm}-${count}`);
  const [file, keyFile] = [join(folder, 'signatures'), join(folder, 'key.json')];
  if (existsSync(keyFile)) return { key: JSON.parse(readFileSync(keyFile, 'utf8')), count, file, folder };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const key = await makeSigningKey(algorithm);
  const parts = await Promise.all(Array.from({ length: THREADS }, (_, part) => signPart({ key, count, part })));
  writeFileSync(file, Buffer.concat(parts));
  writeFileSync(keyFile, JSON.stringify(key)); // last: it says that the rest is there
  return { key, count, file, folder };
}

/** Signatures `first` to `first + count - 1` of the file. */
export function readCorpus(file: string, first: number, count: number): Buffer[] {
  const all = readFileSync(file);
  const found: Buffer[] = [];
  for (let at = 0, index = 0; at < all.length && found.length < count; index++) {
    const end = at + 4 + all.readUInt32BE(at);
    if (index >= first) found.push(all.subarray(at + 4, end));
    at = end;
  }
  return found;
}

const SIGNER = fileURLToPath(new URL('corpus-thread.ts', import.meta.url));

export type CorpusPart = {
  readonly key: SigningKey;
  readonly count: number;
  readonly part: number;
  readonly parts: number;
};

function signPart(part: Omit<CorpusPart, 'parts'>): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(SIGNER, { workerData: { ...part, parts: THREADS } satisfies CorpusPart });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
