// A signature names its key by 64 bits, and an attacker can make another key with the same 64. Two such keys cannot
// be computed in a test, so the second one's row is given the id of the first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { assertProblem, results, scene, signature } from '../http/scene.ts';
import { fixture, LOCAL } from '../support/server.ts';

/** Makes the row of `intruder` claim the key id of `victim`. */
function collide(path: string, victim: string, intruder: string): void {
  const db = new Database(path);
  const keyId = victim.slice(-16);
  db.prepare('INSERT INTO key_ids (key_id, fingerprint) VALUES (?, ?)').run(keyId, intruder);
  db.prepare(
    `UPDATE keys SET signing_keys = json_set(signing_keys, '$[0].keyId', ?), revision = revision + 1 WHERE fingerprint = ?`,
  ).run(keyId, intruder);
  db.close();
}

test('two keys of one id', async (t) => {
  const pairs = [
    ['rsa2048', 'rsa4096'],
    ['rsa4096', 'rsa2048'],
    ['rsa2048', 'ed25519'],
    ['ed25519', 'rsa2048'],
  ] as const;
  for (const [victim, intruder] of pairs) {
    const both = async (t: Parameters<typeof scene>[0]) => {
      const store = await scene(t);
      const [victimKey = '', intruderKey = ''] = await store.registerKeys(victim, intruder);
      collide(store.config.databasePath, victimKey, intruderKey);
      return { store, victimKey, intruderKey };
    };
    await t.test(`are told apart by the cryptography: ${victim} signed, ${intruder} has its id`, async (t) => {
      const { store, victimKey } = await both(t);
      const answer = await store.uploadRaw(signature(victim));
      assert.equal(answer.status, 201, answer.text);
      assert.equal(results(answer)[0]?.signer, victimKey);
    });
    await t.test(`do not lend each other their state: ${victim} revoked, ${intruder} active`, async (t) => {
      const { store, victimKey } = await both(t);
      await store.local.keys.change(victimKey as never, { state: 'revoked', reason: 'stolen' }, LOCAL);
      const { code } = (await store.uploadRaw(signature(victim))).json<{ code: string }>();
      assert.ok(['KEY_REVOKED', 'SIGNATURE_BAD'].includes(code), code);
    });
  }
});

test('a signature that names another key than made it', async (t) => {
  const store = await scene(t);
  await t.test('is refused, by whichever of its packets it lies', async () => {
    for (const name of ['issuer-altered', 'one-pass-other-key', 'payload-bit'])
      assert.equal((await store.uploadRaw(fixture(`signatures/${name}.sig`))).status, 422, name);
    assertProblem(await store.uploadRaw(signature('stranger')), 422, 'KEY_UNKNOWN');
  });
});
