// Sectors that go bad under a running server: whatever page of the database it is, and whatever stands in it then, a read
// is answered with the right bytes or with 5xx. A 404 would say "unsigned", and other bytes would stop a pull for good.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { createCluster, postSignature, REPOSITORY } from '../support/processes-cluster.ts';
import { rounds } from './long.ts';

const IMAGES = 20;
const PER_IMAGE = 3;

test('a page that goes bad under a running server', async (t) => {
  const { paths, database, url } = await createScene(t);
  const { pages, spoil } = database;
  const patterns: readonly (readonly [name: string, make: (page: Buffer) => Buffer])[] = [
    ['zeros', (page) => Buffer.alloc(page.length)],
    ['ones', (page) => Buffer.alloc(page.length, 0xff)],
    ['noise', (page) => randomBytes(page.length)],
  ];
  let faults = 0;

  for (const [name, make] of patterns)
    await t.test(`full of ${name} makes no signature 404, and none another one`, async () => {
      for (let number = 2; number <= pages; number += rounds({ short: 3, long: 1 })) {
        const heal = spoil(number, make);
        for (const [path, bytes] of paths) {
          const { status, body, headers } = await send(url, path);
          const right = bytes === null ? status === 404 : status === 200 && body.equals(bytes);
          assert.ok(right || status >= 500, `page ${number}: ${path} answered ${status}`);
          if (status < 500) continue;
          assert.equal(headers['cache-control'], 'no-store');
          faults++;
        }
        heal();
      }
    });
  // Of a page whose head is whole SQLite does not notice that its cells are not: a row may be hidden, and with it a
  // signature, until fsck finds it. What is served is right all the same.
  await t.test('full of noise in its second half makes no signature another one', async () => {
    for (let number = 2; number <= pages; number += rounds({ short: 3, long: 1 })) {
      const heal = spoil(number, (page) => Buffer.concat([page.subarray(0, 2048), randomBytes(page.length - 2048)]));
      for (const [path, bytes] of paths) {
        const { status, body } = await send(url, path);
        if (status === 200) assert.ok(bytes !== null && body.equals(bytes), `page ${number}: ${path} is another one`);
      }
      heal();
    }
  });
  await t.test('is noticed, and forgotten when it is as it was', async (t) => {
    t.diagnostic(`${faults} answers were 5xx`);
    assert.ok(faults > 50, `only ${faults} answers were 5xx`);
    for (const [path, bytes] of paths) assert.deepEqual((await send(url, path)).body, bytes ?? Buffer.alloc(0));
  });
});

/** One bit of a signature: nothing that SQLite would notice. */
test('a bit that flips in a signature', async (t) => {
  const { paths, database, url } = await createScene(t);
  const [[path, bytes] = ['', null]] = paths;
  const heal = database.flipIn(bytes as Buffer);
  await t.test('makes it 5xx', async () => assert.equal((await send(url, path)).status, 503));
  await t.test('makes the list no shorter', async () => {
    for (const [other] of paths.slice(1, PER_IMAGE)) assert.equal((await send(url, other)).status, 503);
  });
  await t.test('concerns no other image', async () => {
    assert.equal((await send(url, paths[PER_IMAGE + 1]?.[0] ?? '')).status, 200);
  });
  heal();
  await t.test('is forgotten when it is as it was', async () => assert.deepEqual((await send(url, path)).body, bytes));
});

/** A server that remembers nothing, and each path with what it must be answered with; null for 404. */
async function createScene(t: TestContext) {
  const cluster = await createCluster(t, 1, { LOOKASIDE_CACHE_MB: '0' });
  const [server] = cluster.servers;
  assert.ok(server);
  const paths: [path: string, bytes: Buffer | null][] = [];
  for (let image = 0; image < IMAGES; image++) {
    const digest = randomDigest();
    const path = (number: number) => `/${REPOSITORY}@${digest.replace(':', '=')}/signature-${number}`;
    for (const [index, bytes] of (await cluster.signer.signTags(REPOSITORY, digest, PER_IMAGE)).entries()) {
      assert.equal((await postSignature(server.url, cluster.token, bytes)).status, 201);
      paths.push([path(index + 1), bytes]);
    }
    if (image % 5 === 0) paths.push([path(PER_IMAGE + 1), null]);
  }
  return { paths, url: server.url, database: openPages(t, cluster.config.databasePath) };
}

function openPages(t: TestContext, databasePath: string) {
  const db = new Database(databasePath);
  const file = openSync(databasePath, 'r+');
  t.after(() => {
    closeSync(file);
    db.close();
  });
  const [{ busy } = { busy: 1 }] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  assert.equal(busy, 0);
  const size = Number(db.pragma('page_size', { simple: true }));
  const pages = Number(db.pragma('page_count', { simple: true }));
  const probe = Number(db.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'probe'`).pluck().get());
  /** After a commit by somebody else every connection reads its pages afresh. */
  const refresh = () => db.exec('UPDATE probe SET beat = beat + 1');
  refresh(); // from now on the page that this needs is read from the log

  function replace(at: number, bytes: Buffer): () => void {
    const before = Buffer.alloc(bytes.length);
    readSync(file, before, 0, before.length, at);
    writeSync(file, bytes, 0, bytes.length, at);
    refresh();
    return () => {
      writeSync(file, before, 0, before.length, at);
      refresh();
    };
  }

  return {
    pages,
    spoil(number: number, make: (page: Buffer) => Buffer): () => void {
      if (number === probe) return () => {};
      const page = Buffer.alloc(size);
      readSync(file, page, 0, size, (number - 1) * size);
      return replace((number - 1) * size, make(page));
    },
    flipIn(bytes: Buffer): () => void {
      const all = Buffer.alloc(pages * size);
      readSync(file, all, 0, all.length, 0);
      const heals: (() => void)[] = [];
      // A page that was split has left copies where nobody looks.
      for (let at = all.indexOf(bytes); at >= 0; at = all.indexOf(bytes, at + 1))
        heals.push(replace(at + 100, Buffer.from([(all[at + 100] ?? 0) ^ 1])));
      assert.ok(heals.length > 0);
      return () => heals.forEach((heal) => void heal());
    },
  };
}
