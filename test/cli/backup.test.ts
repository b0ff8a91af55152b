// `lookaside backup` as its operator sees it: beside a server that takes uploads, into a file that is there whole or not at all.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { bearer, send } from '../http/wire.ts';
import { findingsOf, spoil } from '../services/upkeep-scene.ts';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { LOCAL, testServer, testStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandLine } from './scene.ts';

async function store(t: Parameters<typeof tempDir>[0]) {
  const made = await testStore(t);
  await made.registerKeys('rsa2048', 'ed25519');
  const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: made.dataDir });
  return { ...made, lookaside, folder: tempDir(t) };
}

test('a backup', async (t) => {
  const { lookaside, folder, dataDir, local } = await store(t);
  const file = join(folder, 'first.db');
  const before = Date.now();
  const { code, out, err } = await lookaside('backup', file);

  await t.test('says what it holds, and its audit head alone on standard output', async () => {
    assert.equal(code, 0, err);
    assert.match(err, /^backed up 0 signatures and 2 keys to .*first\.db \(0\.\d MiB\)$/m);
    assert.match(out, /^2:[0-9a-f]{64}$/);
    assert.equal((await lookaside('audit', 'verify', '--known', out)).code, 0);
  });
  await t.test('is one file for its owner alone, that no side files belong to', () => {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const db = new Database(file, { readonly: true });
    assert.equal(db.pragma('journal_mode', { simple: true }), 'delete');
    db.close();
    assert.deepEqual(readdirSync(folder), ['first.db']);
  });
  await t.test('notes when it was begun, in itself and in the store', async () => {
    const at = (path: string) => {
      const db = new Database(path);
      const found = db.prepare<[], number>('SELECT at FROM last_backup').pluck().get() ?? 0;
      db.close();
      return found;
    };
    assert.equal(at(file), at(join(dataDir, 'lookaside.db')));
    assert.ok(at(file) >= before && at(file) <= Date.now());
  });
  await t.test('is no event of the audit log', async () =>
    assert.equal((await local.audit.verify(null, LOCAL)).seq, 2),
  );
  await t.test('is facts for programs with --json', async () => {
    const { out } = await lookaside('backup', join(folder, 'json.db'), '--json');
    const { signatures, keys, auditHead, bytes } = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual([signatures, keys, (auditHead as { seq: number }).seq], [0, 2, 2]);
    assert.equal(bytes, statSync(join(folder, 'json.db')).size);
  });
});

test('a backup is refused', async (t) => {
  const { lookaside, folder, dataDir } = await store(t);
  const taken = join(folder, 'taken');
  writeFileSync(taken, 'mine');
  const refusals: readonly [why: string, file: string, says: RegExp, ...options: string[]][] = [
    ['over a file that is there', taken, /--force/],
    ['over the database', join(dataDir, 'lookaside.db'), /part of the store/, '--force'],
    ['over its WAL', join(dataDir, 'lookaside.db-wal'), /part of the store/, '--force'],
    ['into a directory', folder, /is a directory/, '--force'],
    ['over a device', '/dev/null', /not a file/, '--force'],
    ['where there is no directory', join(folder, 'no', 'where'), /there is no directory/],
  ];
  for (const [why, file, says, ...options] of refusals)
    await t.test(why, async () => {
      const { code, err } = await lookaside('backup', file, ...options);
      assert.equal(code, 2, err);
      assert.match(err, says);
    });
  await t.test('and leaves nothing behind', () => {
    assert.equal(readFileSync(taken, 'utf8'), 'mine');
    assert.deepEqual(readdirSync(folder), ['taken']);
  });
  await t.test('of a store that is not there', async (t) => {
    const { code, err } = await commandLine(t)('backup', join(folder, 'none.db'));
    assert.equal(code, 2);
    assert.match(err, /there is no store/);
  });
  await t.test('of a store whose log was edited, and the earlier one stays', async () => {
    assert.equal((await lookaside('backup', taken, '--force')).code, 0);
    const good = readFileSync(taken);
    spoil(join(dataDir, 'lookaside.db'), "UPDATE audit SET subject = 'x' WHERE seq = 1");
    const { code, err } = await lookaside('backup', taken, '--force');
    assert.equal(code, 1);
    assert.match(err, /no backup was made: .*AUDIT_BROKEN/);
    assert.ok(readFileSync(taken).equals(good));
    assert.deepEqual(readdirSync(folder), ['taken']);
  });
});

test('a backup clears away what one that was killed has left, a day later', async (t) => {
  const { lookaside, folder } = await store(t);
  const partials = ['.lookaside-backup-0123456789abcdef.partial', '.lookaside-backup-0123456789abcde0.partial'];
  for (const name of partials) writeFileSync(join(folder, name), '');
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  utimesSync(join(folder, partials[0] ?? ''), yesterday, yesterday);
  mkdirSync(join(folder, 'other'));
  await lookaside('backup', join(folder, 'a.db'));
  assert.deepEqual(readdirSync(folder).sort(), [partials[1], 'a.db', 'other']);
});

test('a backup beside uploads that do not pause', async (t) => {
  const server = await testServer(t);
  const signer = await createSigner();
  await server.registerKeys(signer.publicKey);
  const token = await server.createToken(['upload']);
  const waiting = await signer.signTags('registry.example.com/acme/app', randomDigest(), 100);
  const acknowledged: number[] = [];
  let over = false;
  const lane = async () => {
    for (let bytes = waiting.pop(); bytes && !over; bytes = waiting.pop()) {
      const headers = { 'content-type': 'application/octet-stream', ...bearer(token) };
      const answer = await send(server.url, '/api/v1/signatures', { method: 'POST', headers, body: bytes });
      assert.equal(answer.status, 201, answer.text);
      acknowledged.push(answer.json<{ results: { id: number }[] }>().results[0]?.id ?? 0);
    }
  };
  // A commit after the other, whether or not there are uploads left.
  const probing = (async () => {
    while (!over) {
      await server.createToken(['read']);
      await setImmediate(); // a command writes in place, without ever leaving the turn
    }
  })();
  const uploads = Promise.all([lane(), lane()]);
  while (acknowledged.length < 10) await setImmediate();
  const promised = [...acknowledged];
  const file = join(tempDir(t), 'busy.db');
  const { code, err } = await commandLine(t, { LOOKASIDE_DATA_DIR: server.dataDir })('backup', file);
  const total = acknowledged.length;
  over = true;
  await Promise.all([uploads, probing]);

  await t.test('comes to an end', () => assert.equal(code, 0, err));
  await t.test('holds each upload acknowledged before it began', () => {
    assert.ok(existsSync(file));
    const db = new Database(file);
    const there = new Set(db.prepare<[], number>('SELECT id FROM signatures').pluck().all());
    db.close();
    for (const id of promised) assert.ok(there.has(id), `signature ${id}`);
    assert.ok(there.size <= total + 2);
  });
  await t.test('is one state of the store, in which everything holds', async () =>
    assert.deepEqual((await findingsOf(file)).found, []),
  );
});
