// What one process has acknowledged, another that is busy with hundreds of readers says from its next answer on. Each
// answer is held against all the store can have been between the moment it was asked for and the moment it came: not
// before the last change then acknowledged, not after the last one begun.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { randomDigest } from '../support/gpg-claims.ts';
import { must, runCli, serverProcess } from '../support/processes.ts';
import { type Cluster, createCluster, postSignature, REPOSITORY } from '../support/processes-cluster.ts';

const IMAGES = 2;
/** For each image; every third asks for three numbers at once. */
const READERS = 100;
const ROUNDS = 40;

/** The lists an image has had, by number of change: `acknowledged` of them certainly, `begun` of them perhaps. */
type Image = {
  readonly digest: string;
  readonly lists: (readonly Buffer[])[];
  acknowledged: number;
  begun: number;
};

type Answer = { readonly status: number; readonly body: Buffer };

for (const workers of ['1', '2'])
  test(`readers of a process with ${workers} worker(s) see what another acknowledged`, async (t) => {
    const cluster = await createCluster(t, 1);
    const busy = await serverProcess(t, { LOOKASIDE_DATA_DIR: cluster.dataDir, LOOKASIDE_WORKERS: workers });
    const images = Array.from({ length: IMAGES }, newImage);
    let going = true;
    const readers = images.flatMap((image) =>
      Array.from({ length: READERS }, async (_, index) => {
        const connection = await open(t, busy.url);
        let answers = 0;
        while (going) answers += await walk(connection, image, index % 3 === 0 ? 3 : 1);
        return answers;
      }),
    );
    const reading = Promise.all(readers);
    try {
      await Promise.race([Promise.all(images.map((image) => change(cluster, image))), reading]);
    } finally {
      going = false;
    }
    const answers = (await reading).reduce((sum, count) => sum + count, 0);
    t.diagnostic(`${answers} answers during ${images.reduce((sum, { begun }) => sum + begun, 0)} changes`);
    assert.ok(answers > 1_000);
  });

function newImage(): Image {
  return { digest: randomDigest(), lists: [[]], acknowledged: 0, begun: 0 };
}

/** Uploads and withdraws by turns, so that there are up to four, and none at times; the last withdrawal is a command. */
async function change({ url, token, signer, dataDir }: Cluster, image: Image): Promise<void> {
  const signatures = await signer.signTags(REPOSITORY, image.digest, ROUNDS);
  const ids = new Map<Buffer, number>();
  const begin = (list: readonly Buffer[]) => {
    image.lists.push(list);
    image.begun = image.lists.length - 1;
  };
  const acknowledge = () => {
    image.acknowledged = image.begun;
  };
  const current = () => image.lists.at(-1) ?? [];

  for (const [round, bytes] of signatures.entries()) {
    begin([...current(), bytes]);
    const { status, id } = await postSignature(url(0), token, bytes);
    assert.equal(status, 201);
    acknowledge();
    ids.set(bytes, id);
    const most = [1, 2, 4, 0][round % 4] ?? 0;
    while (current().length > most) {
      const gone = current()[round % current().length] as Buffer;
      begin(current().filter((other) => other !== gone));
      if (round === ROUNDS - 1) {
        const withdrawing = ['withdraw', String(ids.get(gone)), '--reason', 'test'];
        await must(runCli(withdrawing, { env: { LOOKASIDE_DATA_DIR: dataDir } }));
      } else await withdraw(url(0), token, ids.get(gone) ?? 0);
      acknowledge();
    }
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

/** As runtimes read, from 1 until the first 404, asking for so many at once. Returns how many answers there were. */
async function walk(connection: Connection, image: Image, atOnce: number): Promise<number> {
  const found: Buffer[] = [];
  for (let number = 1; ; number += atOnce) {
    const since = image.acknowledged;
    const numbers = Array.from({ length: atOnce }, (_, index) => number + index);
    const answers = await connection.ask(numbers.map((one) => pathOf(image, one)));
    for (const [index, { status, body }] of answers.entries()) {
      const possible = image.lists.slice(since, image.begun + 1).map((list) => list[number + index - 1]);
      assert.ok(status === 200 || status === 404, `${status} is neither a signature nor the end`);
      const right = possible.some((bytes) => (status === 404 ? bytes === undefined : bytes?.equals(body)));
      assert.ok(right, `signature-${number + index} was answered with ${status}, which it has not been since`);
      if (status === 404) return number + index;
      if (atOnce === 1) assert.ok(!found.some((bytes) => bytes.equals(body)), 'one signature twice in a list');
      found.push(body);
    }
  }
}

function pathOf({ digest }: Image, number: number): string {
  return `/${REPOSITORY}@${digest.replace(':', '=')}/signature-${number}`;
}

type Connection = { ask(paths: readonly string[]): Promise<Answer[]> };

/** Kept alive, and fast: the requests leave in one segment, and the answers are read as they come. */
async function open(t: Pick<TestContext, 'after'>, url: string): Promise<Connection> {
  const socket: Socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', noDelay: true });
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  let received: Buffer = Buffer.alloc(0);
  let wake = () => {};
  let fail = (_: Error) => {};
  socket.on('error', (error) => fail(error));
  socket.on('close', () => fail(new Error('the server has closed a connection')));
  socket.on('data', (bytes: Buffer) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    wake();
  });

  function take(): Answer | null {
    const bodyAt = received.indexOf('\r\n\r\n') + 4;
    if (bodyAt < 4) return null;
    const head = received.toString('latin1', 0, bodyAt);
    const end = bodyAt + Number(/^Content-Length: (\d+)\r$/m.exec(head)?.[1]);
    if (received.length < end) return null;
    const body = received.subarray(bodyAt, end);
    received = received.subarray(end);
    return { status: Number(head.slice(9, 12)), body };
  }

  return {
    async ask(paths) {
      socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
      const answers: Answer[] = [];
      while (answers.length < paths.length) {
        const answer = take();
        if (answer) answers.push(answer);
        else
          await new Promise<void>((resolve, reject) => {
            wake = resolve;
            fail = reject;
          });
      }
      return answers;
    },
  };
}
