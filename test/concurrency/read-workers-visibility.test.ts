// What was acknowledged by any thread of any process is what all threads of all processes say on the next request, on
// connections that have long been there, while others read and write. Two processes on one database, three threads each.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Fingerprint } from '../../server/domain/fingerprint.ts';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { must, runCli } from '../support/processes.ts';
import { type Cluster, createCluster, postSignature, REPOSITORY } from '../support/processes-cluster.ts';

const SETTINGS = { LOOKASIDE_WORKERS: '3' };
/** Of each process: enough for every thread to have some. */
const CONNECTIONS = 14;
const ROUNDS = 300;
const LANES = 4;
/** Of the image that is read while it changes. */
const STANDING = 12;

type Answer = { readonly status: number; readonly body: Buffer };

/** One connection, one request at a time. */
type Reader = { ask(path: string, head?: string): Promise<Answer> };

async function openReader(t: Pick<TestContext, 'after'>, url: string): Promise<Reader> {
  const { port, hostname } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  let before: Promise<unknown> = Promise.resolve();

  function one(path: string, head: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let received = Buffer.alloc(0);
      const lost = () => reject(new Error(`the connection was lost before an answer to ${path}`));
      const onData = (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        const ends = received.indexOf('\r\n\r\n') + 4;
        if (ends < 4) return;
        const fields = received.toString('latin1', 0, ends);
        const length = Number(/^content-length: (\d+)\r$/im.exec(fields)?.[1] ?? 0);
        if (received.length < ends + length) return;
        socket.off('data', onData).off('close', lost);
        resolve({ status: Number(fields.slice(9, 12)), body: received.subarray(ends) });
      };
      socket.on('data', onData).on('close', lost);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${head}\r\n`);
    });
  }

  return {
    ask(path, head = '') {
      const asked = before.then(() => one(path, head));
      before = asked.catch(() => {});
      return asked;
    },
  };
}

async function openReaders(t: Pick<TestContext, 'after'>, { servers }: Cluster): Promise<Reader[]> {
  const urls = servers.flatMap(({ url }) => Array.from({ length: CONNECTIONS }, () => url));
  return Promise.all(urls.map((url) => openReader(t, url)));
}

const pathOf = (digest: string, number: number) => `/${REPOSITORY}@${digest.replace(':', '=')}/signature-${number}`;

/** On every connection at once: these bytes, or a 404. */
async function everywhere(readers: readonly Reader[], path: string, expected: Buffer | null, why: string) {
  const answers = await Promise.all(readers.map((reader) => reader.ask(path)));
  for (const [index, { status, body }] of answers.entries()) {
    assert.equal(status, expected ? 200 : 404, `${why}: connection ${index} of ${readers.length}`);
    if (expected) assert.ok(body.equals(expected), `${why}: other bytes on connection ${index}`);
  }
}

async function withdraw(url: string, token: string, id: number): Promise<void> {
  const { status } = await fetch(`${url}/api/v1/signatures/${id}`, {
    method: 'DELETE',
    body: JSON.stringify({ reason: 'test' }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  assert.equal(status, 204);
}

test('two servers with three threads each', async (t) => {
  const cluster = await createCluster(t, 2, SETTINGS);
  const { signer, token, url } = cluster;
  const readers = await openReaders(t, cluster);

  async function round(number: number): Promise<void> {
    const digest = randomDigest();
    const [first, second] = (await signer.signTags(REPOSITORY, digest, 2)) as [Buffer, Buffer];
    await everywhere(readers, pathOf(digest, 1), null, `before round ${number}`);
    const { id, status } = await postSignature(url(number), token, first);
    assert.equal(status, 201);
    await everywhere(readers, pathOf(digest, 1), first, `upload of round ${number}`);
    assert.equal((await postSignature(url(number + 1), token, second)).status, 201);
    await everywhere(readers, pathOf(digest, 2), second, `second upload of round ${number}`);
    await withdraw(url(number >> 1), token, id);
    await everywhere(readers, pathOf(digest, 1), second, `withdrawal of round ${number}`);
    await everywhere(readers, pathOf(digest, 2), null, `withdrawal of round ${number}`);
  }

  let rounds = 0;
  const lane = async () => {
    while (rounds < ROUNDS) await round(rounds++);
  };
  const allRounds = async () => void (await Promise.all(Array.from({ length: LANES }, lane)));

  await t.test(`show what was acknowledged on ${readers.length} connections, over ${ROUNDS} rounds`, allRounds);

  await t.test('never show a walking reader anything but the image, and nothing twice', async () => {
    const digest = randomDigest();
    const signatures = await signer.signTags(REPOSITORY, digest, STANDING * 12);
    const known = new Set(signatures.map((bytes) => bytes.toString('latin1')));
    const ids: number[] = [];
    const add = async (turn: number) => {
      const { id, status } = await postSignature(url(turn), token, signatures[turn] as Buffer);
      assert.equal(status, 201);
      ids.push(id);
    };
    for (let turn = 0; turn < STANDING; turn++) await add(turn);

    let changing = true;
    let walks = 0;
    async function walk(seed: number): Promise<void> {
      const seen = new Set<string>();
      for (let number = 1; ; number++) {
        const reader = readers[(seed * 31 + number * 17) % readers.length] as Reader;
        const { status, body } = await reader.ask(pathOf(digest, number));
        assert.ok(status === 200 || status === 404, `${status} on number ${number}`);
        if (status === 404) break;
        const bytes = body.toString('latin1');
        assert.ok(known.has(bytes), `number ${number} is of no signature of the image`);
        assert.ok(!seen.has(bytes), `number ${number} was seen before`);
        seen.add(bytes);
      }
      walks++;
    }
    const walking = Array.from({ length: 8 }, async (_, walker) => {
      for (let turn = 0; changing; turn++) await walk(walker * 1_000 + turn);
    });
    try {
      // The list stays about as long: something is added at its end while something in it goes.
      for (let turn = STANDING; turn < signatures.length; turn++) {
        const [id = 0] = ids.splice((turn * 7) % ids.length, 1);
        await Promise.all([add(turn), withdraw(url(turn + 1), token, id)]);
      }
    } finally {
      changing = false;
      await Promise.all(walking);
    }
    assert.ok(walks > 20, `${walks} walks`);
  });

  await t.test('forget what a key has signed as soon as it is revoked, in whatever process', async () => {
    const env = { LOOKASIDE_DATA_DIR: cluster.dataDir };
    for (let turn = 0; turn < 12; turn++) {
      const other = await createSigner(`key-${turn}`);
      await cluster.registerKeys(other.publicKey);
      const digest = randomDigest();
      const bytes = await other.sign(`${REPOSITORY}:v1`, digest);
      assert.equal((await postSignature(url(turn), token, bytes)).status, 201);
      await everywhere(readers, pathOf(digest, 1), bytes, `upload with key ${turn}`);
      if (turn % 4 === 0) await must(runCli(['key', 'revoke', other.fingerprint, '--reason', 'test'], { env }));
      else {
        const change = { state: 'revoked', reason: 'test' } as const;
        await cluster.local.keys.change(other.fingerprint as Fingerprint, change, cluster.admin);
      }
      await everywhere(readers, pathOf(digest, 1), null, `revocation of key ${turn}`);
    }
  });
});

test('two private servers with three threads each', async (t) => {
  const cluster = await createCluster(t, 2, { ...SETTINGS, LOOKASIDE_READ_ACCESS: 'token' });
  const readers = await openReaders(t, cluster);
  const digest = randomDigest();
  const bytes = await cluster.signer.sign(`${REPOSITORY}:v1`, digest);
  assert.equal((await postSignature(cluster.url(0), cluster.token, bytes)).status, 201);
  const statuses = async (secret: string) => {
    const head = `Authorization: Bearer ${secret}\r\n`;
    const answers = await Promise.all(readers.map((reader) => reader.ask(pathOf(digest, 1), head)));
    for (const { status, body } of answers) assert.equal(status === 200, body.equals(bytes));
    return [...new Set(answers.map(({ status }) => status))];
  };

  await t.test('let nobody read with a token that was revoked, in whatever process', async () => {
    const env = { LOOKASIDE_DATA_DIR: cluster.dataDir };
    for (let turn = 0; turn < 24; turn++) {
      const request = { name: 'brief', permissions: ['read'], scopes: [], lifetimeMs: null } as const;
      const { token, secret } = await cluster.local.tokens.create(request, cluster.admin);
      assert.deepEqual(await statuses(secret), [200], `turn ${turn}`);
      if (turn % 12 === 0) await must(runCli(['token', 'revoke', token.id], { env }));
      else await cluster.local.tokens.revoke(token.id, cluster.admin);
      assert.deepEqual(await statuses(secret), [401], `turn ${turn}`);
    }
  });
});
