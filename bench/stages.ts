// `node bench/stages.ts`: where the time of a read goes inside the process, stage by stage, in one thread without a
// network. What is missing to the CPU time of a request as `npm run bench` has it are the socket and the kernel.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAliasPath, parseAliasTarget } from '../server/domain/alias.ts';
import type { Instant } from '../server/domain/instant.ts';
import { localPrincipal } from '../server/domain/principal.ts';
import { DOCKER_HUB } from '../server/domain/repository-name.ts';
import { readLookasidePath } from '../server/domain/slot.ts';
import { createReadPlainGet } from '../server/http/plain-get.ts';
import { createPlainReads } from '../server/http/plain-reads.ts';
import { createReadAnswers } from '../server/http/read-answer.ts';
import { createLookaside } from '../server/services/lookaside.ts';
import { openStore } from '../server/store/sqlite-store.ts';
import { directoryOf, imageOf, makeDataset } from './dataset.ts';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const STORED = 20_000;
const ROUNDS = 7;
const ALIASES = 100;
const FIELDS = ' HTTP/1.1\r\nHost: sigs.example.com\r\nUser-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\n\r\n';

/** CPU time of one call in microseconds: the median of some rounds over all paths. */
function time(paths: readonly string[], call: (path: string) => unknown): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (const path of paths) call(path);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / paths.length;
  });
  return rounds.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), 'lookaside-stages-'));
const { dataDir } = await makeDataset(folder, STORED);
const imageIndex = { maxBytes: 1 << 24, seed: 42 };
const open = { path: join(dataDir, 'lookaside.db'), migrations: MIGRATIONS, writer: 'local', imageIndex } as const;
const store = await openStore(open);
while (store.learn());
const answers = createReadAnswers('public');
const lookasideOf = (cacheBytes: number) => createLookaside(store, DOCKER_HUB, cacheBytes);
const [remembering, forgetful] = [lookasideOf(1 << 28), lookasideOf(0)];
const readPlainGet = createReadPlainGet();
const plainReads = createPlainReads({
  lookaside: remembering,
  answers,
  metrics: { reads: { hit: 0, miss: 0 }, readTook() {} },
  keepAliveSeconds: 75,
  now: Date.now,
});
plainReads.refresh();

const pieces = Array.from({ length: STORED }, (_, index) => `/${directoryOf(imageOf(index))}/signature-`);
const first = pieces.map((path) => `${path}1`);
const unsigned = pieces.map((path) => `${path.replace(/sha256=.{8}/, 'sha256=00000000')}1`);
// Each as its own piece of memory, as it comes from a socket.
const requests = first.map((path) => Buffer.from(`GET ${path}${FIELDS}`, 'latin1'));
const heads = requests.map((bytes) => bytes.toString('latin1'));

let turn = 0;
const nextText = () => {
  turn = (turn + 1) % STORED;
  return requests[turn]?.toString('latin1');
};

const stages: readonly (readonly [what: string, micros: number])[] = [
  ['bytes of a request to text', time(first, nextText)],
  ['read the request', time(heads, (text) => readPlainGet(text, 0))],
  ['ask what was committed, once a poll', time(first, () => remembering.refresh())],
  ['look up a signature that is remembered', time(first, (path) => remembering.lookUp(path))],
  ['look up the number after the last', time(pieces, (path) => remembering.lookUp(`${path}2`))],
  ['look up a signature that is not remembered', time(first, (path) => forgetful.lookUp(path))],
  ['look up an image that nobody signed', time(unsigned, (path) => remembering.lookUp(path))],
  ['take a path apart', time(first, (path) => readLookasidePath(path, DOCKER_HUB))],
  ['request to answer, remembered', time(heads, (text) => plainReads.answer(readPlainGet(text, 0) as never))],
];

/** The same with aliases, of which none is meant, or one. */
async function withAliases(): Promise<typeof stages> {
  const at = Date.now() as Instant;
  const { actor } = localPrincipal('bench');
  const [host = ''] = first[0]?.slice(1).split('/') ?? [];
  for (let index = 0; index < ALIASES; index++) {
    const path = parseAliasPath(`/mirror.example.com/hub-${index}`);
    const alias = { path, target: parseAliasTarget(host), createdAt: at };
    await store.addAlias({ alias, replace: false, actor, at });
  }
  const lookaside = lookasideOf(1 << 28);
  lookaside.refresh();
  const mirrored = first.map((path) => path.replace(`/${host}/`, `/mirror.example.com/hub-${ALIASES - 1}/`));
  return [
    [`look it up, beside ${ALIASES} aliases`, time(first, (path) => lookaside.lookUp(path))],
    ['look it up, through one of them', time(mirrored, (path) => lookaside.lookUp(path))],
  ];
}

for (const [what, micros] of [...stages, ...(await withAliases())])
  process.stdout.write(`${what.padEnd(46)}${micros.toFixed(2).padStart(8)} µs\n`);
await store.close();
rmSync(folder, { recursive: true });
