// Faults that pass: the client comes back until the store has everything, and says so when it gives up. Between client
// and store stands a proxy that spoils answers in the ways networks and restarts do.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Part } from '../../server/cli/push/client.ts';
import { exchange } from '../../server/cli/push/exchange.ts';
import { createSigner, randomDigest, stage } from '../support/gpg-claims.ts';
import { runCli } from '../support/processes.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';

const REPOSITORY = 'registry.example.com/acme/app';

type Spoil = (req: IncomingMessage, res: ServerResponse) => void;

const spoils: readonly [how: string, spoil: Spoil][] = [
  ['a restart of the proxy', (_req, res) => res.writeHead(502).end('<html>Bad Gateway</html>')],
  ['a store that is busy', (_req, res) => res.writeHead(503).end('{"code":"STORE_BUSY","detail":"try again"}')],
  ['a rate limit', (_req, res) => res.writeHead(429).end()],
  ['a connection that breaks before the answer', (req) => void req.socket.destroy()],
  [
    'an answer that breaks in the middle',
    (req, res) => {
      res.writeHead(201, { 'content-length': '1000' }).write('{"results"');
      setTimeout(() => req.socket.destroy(), 20);
    },
  ],
];

test('uploads in spite of faults that pass', async (t) => {
  const server = await testServer(t);
  const signer = await createSigner();
  await server.registerKeys(signer.publicKey);
  const token = await server.createToken(['upload']);

  for (const [how, spoil] of spoils)
    await t.test(`survives ${how}, also when the store had taken the upload`, async (t) => {
      const digest = randomDigest();
      const parts = (await signer.signTags(REPOSITORY, digest, 3)).map(toPart(digest));
      // First nothing reaches the store, then the store stores but its answer is lost, then all is well.
      const proxy = await faultyProxy(t, server.url, [{ spoil }, { spoil, forward: true }, {}]);
      const client = createClient({ server: proxy, token, firstWaitMs: 1 });
      const results = await client.upload(parts);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['exists', 'exists', 'exists'],
      );
    });

  await t.test('does not take a fault of the store for a verdict on a signature', async (t) => {
    // One part is refused for good, another only because the database was locked at that moment.
    const refused = {
      status: 'refused',
      problem: { code: 'CLAIM_DIGEST_MISMATCH', detail: 'signed for another image' },
    };
    const busy = { status: 'refused', problem: { code: 'STORE_BUSY', detail: 'try again', status: 503 } };
    let tries = 0;
    const url = await listening(t, (req, res) => {
      req.resume().on('end', () => {
        tries++;
        // Only the part that met the fault is sent again.
        const results = tries === 1 ? [refused, busy] : [{ status: 'stored', url: 'x', notes: [] }];
        res.writeHead(tries === 1 ? 422 : 201).end(JSON.stringify({ ...refused.problem, results }));
      });
    });
    const digest = randomDigest();
    const parts = (await signer.signTags(REPOSITORY, digest, 2)).map(toPart(digest));
    const results = await createClient({ server: url, token, firstWaitMs: 1 }).upload(parts);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['refused', 'stored'],
    );
  });

  await t.test('reads the results of an answer that is a fault for its first part', async (t) => {
    const busy = { status: 'refused', problem: { code: 'STORE_BUSY', detail: 'try again', status: 503 } };
    const stored = { status: 'stored', url: 'x', notes: [] };
    let tries = 0;
    const url = await listening(t, (req, res) => {
      req.resume().on('end', () => {
        tries++;
        const results = tries === 1 ? [busy, stored] : [stored];
        res.writeHead(tries === 1 ? 503 : 201).end(JSON.stringify({ ...busy.problem, results }));
      });
    });
    const digest = randomDigest();
    const parts = (await signer.signTags(REPOSITORY, digest, 2)).map(toPart(digest));
    const results = await createClient({ server: url, token, firstWaitMs: 1 }).upload(parts);
    assert.deepEqual([tries, ...results.map(({ status }) => status)], [2, 'stored', 'stored']);
  });

  await t.test('counts in its last line all that was stored, when one request is refused as a whole', async (t) => {
    let requests = 0;
    let stored = 0;
    const url = await listening(t, (req, res) => {
      const first = requests++ === 0;
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', async () => {
        if (first) return res.writeHead(403).end('{"code":"PERMISSION_MISSING","detail":"not here"}');
        await sleep(50);
        const parts = Buffer.concat(chunks).toString('latin1').split('name="signature"').length - 1;
        stored += parts;
        const result = { status: 'stored', url: 'x', notes: [] };
        res.writeHead(201).end(JSON.stringify({ results: Array.from({ length: parts }, () => result) }));
      });
    });
    const staging = tempDir(t);
    for (let index = 0; index < 10; index++)
      stage(
        staging,
        `acme/app-${index}`,
        randomDigest(),
        Array.from({ length: 50 }, () => Buffer.from('x')),
      );
    const args = ['push', staging, '--server', url, '--registry', 'registry.example.com'];
    const { code, stdout, stderr } = await runCli(args, { env: { LOOKASIDE_TOKEN: token } });
    assert.equal(code, 1);
    assert.match(stderr, /not here/);
    assert.equal(Number(/^(\d+) stored/m.exec(stdout)?.[1] ?? 0), stored);
  });
});

test('an exchange that nobody answers says how long it really waited', async (t) => {
  const told: string[] = [];
  const asking = exchange({
    server: await listening(t, () => {}),
    idTokens: { take: async () => 'x', spent: () => {} },
    publisher: null,
    onRetry: (why) => void told.push(why),
    firstWaitMs: 1,
    patienceMs: 100,
  });
  const message = /gave no token after 6 tries: no answer within 0\.1 s$/;
  await assert.rejects(asking, { code: 'SERVER_UNREACHABLE', message });
  assert.deepEqual([...new Set(told)], ['no answer within 0.1 s']);
});

function toPart(digest: string): (bytes: Buffer, index: number) => Part {
  return (bytes, index) => ({ path: `file-${index}`, bytes, target: `${REPOSITORY}@${digest.replace(':', '=')}` });
}

type Step = { readonly spoil?: Spoil; readonly forward?: boolean };

/** Each request meets the next step; the last one stays. */
function faultyProxy(t: TestContext, target: string, steps: readonly Step[]): Promise<string> {
  let next = 0;
  return listening(t, (req, res) => {
    const step = steps[Math.min(next++, steps.length - 1)] ?? {};
    if (step.spoil && !step.forward) return void req.resume().on('end', () => step.spoil?.(req, res));
    const onward = request(`${target}${req.url}`, { method: req.method, headers: req.headers }, (answer) => {
      if (step.spoil) return void answer.resume().on('end', () => step.spoil?.(req, res));
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
}

async function listening(t: TestContext, handler: Spoil): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
