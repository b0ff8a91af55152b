// The feed that keeps caches true: what another connection has committed since the last look.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { parseAliasPath, parseAliasTarget } from '../../server/domain/alias.ts';
import { formatImage } from '../../server/domain/slot.ts';
import type { Store } from '../../server/store/port.ts';
import { openStore } from '../../server/store/sqlite-store.ts';
import { ACT, append, fingerprint, MIGRATIONS, NOW, newKey, newSignature, storeWithKey } from './scene.ts';

/** A second process, as far as SQLite can tell. */
async function neighbour(t: { after(fn: () => unknown): void }, path: string): Promise<Store> {
  const store = await openStore({ path, migrations: MIGRATIONS, writer: 'local' });
  t.after(() => store.close());
  return store;
}

function look(store: Store): string[] | 'everything' {
  const changes = store.changes();
  return changes === 'everything' ? changes : changes.map(formatImage);
}

test('the changes since the last look', async (t) => {
  const { store, path } = await storeWithKey(t);
  const other = await neighbour(t, path);
  look(store);
  const signature = newSignature();
  const image = formatImage(signature);

  await t.test('are none when nobody wrote', () => assert.deepEqual(look(store), []));
  await t.test('are the image of an appended signature, once', async () => {
    await store.append(append(signature));
    assert.deepEqual(look(store), [image]);
    assert.deepEqual(look(store), []);
    assert.deepEqual(look(other), [image]);
  });
  await t.test('are every image, also those another process wrote', async () => {
    const second = newSignature({ repository: '127.0.0.1:5000/acme/app' });
    await other.append(append(second));
    await store.append(append(newSignature()));
    assert.deepEqual(look(store), [formatImage(second), image]);
    assert.deepEqual(look(other), [formatImage(second), image]);
  });
  await t.test('are the image of a withdrawn signature', async () => {
    await other.withdraw({ ...ACT, id: 1, reason: 'mistake' });
    assert.deepEqual(look(store), [image]);
  });
  await t.test('are no image when an alias is added or removed, which is seen at once', async () => {
    const alias = { path: parseAliasPath('/sigstore'), target: parseAliasTarget('docker.io'), createdAt: NOW };
    const { id } = await other.addAlias({ ...ACT, alias, replace: false });
    assert.deepEqual(look(store), []);
    assert.equal(store.aliases()?.rewrite('/sigstore/a'), '/docker.io/a');
    await other.removeAlias({ ...ACT, id });
    assert.notEqual(store.aliases(), null, 'as of the last look');
    assert.deepEqual(look(store), []);
    assert.equal(store.aliases(), null);
  });
  await t.test('are none for what no reader sees', async () => {
    await other.putKey(newKey(fingerprint('B')));
    await other.setKeyState({ ...ACT, fingerprint: fingerprint('B'), to: 'retired', reason: null });
    await other.probe();
    const secret = { sha256: randomBytes(32), token: { ...TOKEN, createdAt: NOW } };
    await other.createToken({ ...ACT, ...secret });
    await other.touchTokens([{ id: TOKEN.id, at: NOW }]);
    await other.revokeToken({ ...ACT, id: TOKEN.id });
    assert.deepEqual(look(store), []);
  });
  await t.test('are everything when a key is revoked', async () => {
    await other.setKeyState({ ...ACT, fingerprint: fingerprint('B'), to: 'revoked', reason: 'stolen' });
    assert.equal(look(store), 'everything');
    assert.deepEqual(look(store), []);
  });
  await t.test('are everything when a newer version wrote what this one does not know', () => {
    const db = new Database(path);
    db.exec(`INSERT INTO audit SELECT seq + 1, at, actor, 'future.event', 'x', detail, previous, hash
               FROM audit ORDER BY seq DESC LIMIT 1;
             UPDATE audit_head SET seq = seq + 1`);
    db.close();
    assert.equal(look(store), 'everything');
  });
});

const TOKEN = {
  id: 't1',
  name: 'ci',
  permissions: ['read'],
  scopes: [],
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  keys: null,
  publisher: null,
} as const;

test('more changes than are worth telling apart', async (t) => {
  const { store, path } = await storeWithKey(t, 'thread');
  look(store);
  await Promise.all(
    Array.from({ length: 1_000 }, (_, n) => store.append(append(newSignature({ repository: `quay.io/a/r${n}` })))),
  );
  await t.test('are everything, and are counted from there', async () => {
    assert.equal(look(store), 'everything');
    const other = await neighbour(t, path);
    const signature = newSignature();
    await other.append(append(signature));
    assert.deepEqual(look(store), [formatImage(signature)]);
  });
});
