// Two servers on one database, the second without the front: whatever the first answers, the second must. Behind the
// read path there is an application that says what request has reached it, which shows what node:http made of it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Front, putInFront } from '../../server/http/front.ts';
import { createLookasideHandler } from '../../server/http/lookaside-handler.ts';
import { createPlainReads, type PlainReads } from '../../server/http/plain-reads.ts';
import { createReadAnswers } from '../../server/http/read-answer.ts';
import { createLog } from '../../server/ops/log.ts';
import { READ_OUTCOMES, type ReadOutcome } from '../../server/ops/metrics.ts';
import { createLookaside } from '../../server/services/lookaside.ts';
import { openStore } from '../../server/store/sqlite-store.ts';
import { createSigner } from '../support/gpg-claims.ts';
import { postSignature } from '../support/processes-cluster.ts';
import { LOCAL, type TestServer, testServer } from '../support/server.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const KEEP_ALIVE_MS = 75_000;

const HOST = 'registry.example.com';
export const REPOSITORY = `${HOST}/acme/app`;
/** An alias for the registry. */
export const MIRROR = '/mirror.example.com/hub';
/** In the registry that paths need not name. */
export const BUSYBOX = 'docker.io/library/busybox';
export const HEX = 'a1'.repeat(32);
/** Of an image with two signatures: a path without the number. */
export const IMAGE = `/${REPOSITORY}@sha256=${HEX}/signature-`;

export type Door = {
  readonly port: number;
  readonly server: Server;
  readonly front: Front | null;
  readonly reads: Record<ReadOutcome, number>;
  /** How many requests were answered in front, and how many have come to node:http. */
  readonly requests: { inFront: number; behind: number };
};

export type DoorOptions = {
  readonly front?: boolean;
  readonly idleMs?: number;
  /** For a complete request, once it is node:http that waits for it. */
  readonly requestMs?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Stands before the reads of the store. */
  readonly wrap?: (reads: PlainReads) => PlainReads;
};

export type FrontScene = {
  /** As `serve` starts it. */
  readonly whole: TestServer;
  readonly front: Door;
  readonly plain: Door;
  /** The signatures of IMAGE in their order, one character each byte. */
  readonly stored: readonly string[];
  open(options: DoorOptions): Promise<Door>;
};

export async function frontScene(t: Pick<TestContext, 'after'>): Promise<FrontScene> {
  const whole = await testServer(t);
  const signer = await createSigner();
  await whole.registerKeys(signer.publicKey);
  const token = await whole.createToken(['upload']);
  const stored = await signer.signTags(REPOSITORY, `sha256:${HEX}`, 2);
  for (const bytes of [...stored, await signer.sign(`${BUSYBOX}:latest`, `sha256:${HEX}`)]) {
    const { status } = await postSignature(whole.url, token, bytes);
    if (status !== 201) throw new Error(`an upload was answered with ${status}`);
  }
  await whole.local.aliases.add({ path: MIRROR, target: HOST, replace: false }, LOCAL);
  const open = (options: DoorOptions) => openDoor(t, whole, options);
  return {
    whole,
    front: await open({}),
    plain: await open({ front: false }),
    stored: stored.map((bytes) => bytes.toString('latin1')),
    open,
  };
}

/** A server as `serve` has it, but for the application. */
async function openDoor(
  t: Pick<TestContext, 'after'>,
  { config }: TestServer,
  { front: inFront = true, idleMs = KEEP_ALIVE_MS, requestMs = 60_000, tls, wrap = (reads) => reads }: DoorOptions,
): Promise<Door> {
  const store = await openStore({ path: config.databasePath, migrations: MIGRATIONS, writer: 'local' });
  const { defaultRegistry, cacheBytes } = config;
  const answers = createReadAnswers('public');
  const lookaside = createLookaside(store, defaultRegistry, cacheBytes);
  const reads = Object.fromEntries(READ_OUTCOMES.map((outcome) => [outcome, 0])) as Record<ReadOutcome, number>;
  const metrics = { reads, readTook() {} };
  const serve = createLookasideHandler({
    lookaside,
    answers,
    defaultRegistry,
    readAccess: 'public',
    publicScopes: [],
    authenticate: () => Promise.reject(new Error('nobody asks')),
    metrics,
    log: createLog('silent'),
  });
  const requests = { inFront: 0, behind: 0 };
  const listener = (req: IncomingMessage, res: ServerResponse): void => {
    requests.behind++;
    if (!serve(req, res)) echo(req, res);
  };
  const times = { headersTimeout: requestMs, requestTimeout: requestMs, connectionsCheckingInterval: requestMs / 4 };
  const server = tls ? createTlsServer({ ...times, ...tls }, listener) : createServer(times, listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const plainReads = createPlainReads({
    lookaside,
    answers,
    metrics,
    keepAliveSeconds: KEEP_ALIVE_MS / 1000,
    now: Date.now,
  });
  const counting: PlainReads = {
    refresh: plainReads.refresh,
    answer(request) {
      const answer = plainReads.answer(request);
      if (answer !== null) requests.inFront++;
      return answer;
    },
  };
  const front = inFront ? putInFront(server, wrap(counting), idleMs) : null;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    front?.endAll();
    server.closeAllConnections();
    await closed;
    await store.close();
  });
  return { port: (server.address() as AddressInfo).port, server, front, reads, requests };
}

function echo(req: IncomingMessage, res: ServerResponse): void {
  const { method, url, httpVersion, rawHeaders, headers } = req;
  const body: Buffer[] = [];
  const say = () => {
    const text = Buffer.concat(body).toString('latin1');
    const said = Buffer.from(JSON.stringify({ method, url, httpVersion, rawHeaders, text, trailers: req.rawTrailers }));
    res.writeHead(200, ['Content-Type', 'application/json', 'Content-Length', String(said.length)]).end(said);
  };
  if (!headers['content-length'] && !headers['transfer-encoding']) return say();
  req.on('data', (chunk: Buffer) => body.push(chunk)).on('end', say);
}
