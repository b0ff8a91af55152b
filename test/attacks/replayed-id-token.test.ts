// An attacker has an ID token that a pipeline has shown, from its log or its memory, and shows it again: at once, side by
// side, to another server on the same database, after a restart, or with a second signature made from the first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../../server/compose.ts';
import { createLog } from '../../server/ops/log.ts';
import { realWorld } from '../../server/ops/world.ts';
import { EXCHANGE, oidcScene, secretOf } from '../http/oidc-scene.ts';
import { assertProblem } from '../http/scene.ts';
import { send } from '../http/wire.ts';
import { needs } from '../support/tools.ts';

const ORDER_OF_P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature that is good for the same text: (r, n - s). */
function withOtherSignature(idToken: string): string {
  const [header, payload, signature = ''] = idToken.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = ORDER_OF_P256 - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
  return `${header}.${payload}.${other.toString('base64url')}`;
}

test('a replayed ID token', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  await store.trust();
  await t.test('is refused', async () => {
    const idToken = store.idToken();
    secretOf(await store.exchange(idToken));
    assertProblem(await store.exchange(idToken), 401, 'ID_TOKEN_SPENT');
  });
  await t.test('is refused to all but one who come side by side', async () => {
    const idToken = store.idToken();
    const answers = await Promise.all(Array.from({ length: 20 }, () => store.exchange(idToken)));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const answer of answers) if (answer !== won[0]) assertProblem(answer, 401, 'ID_TOKEN_SPENT');
  });
  await t.test('is refused by another server on the same database, and after a restart', async () => {
    const idToken = store.idToken();
    const before = store.idToken();
    secretOf(await store.exchange(before));
    const world = { ...realWorld, now: store.now };
    const second = await startServer(store.config, createLog('silent'), world);
    const show = (text: string) =>
      send(second.url, EXCHANGE, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ idToken: text }),
      });
    try {
      assertProblem(await show(before), 401, 'ID_TOKEN_SPENT');
      const answers = await Promise.all([
        show(idToken),
        store.exchange(idToken),
        show(idToken),
        store.exchange(idToken),
      ]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401]);
    } finally {
      await second.stop();
    }
  });
  await t.test('without jti is refused as well, also with another signature', async () => {
    store.issuer.rotate('ec', 'ES256');
    store.later(60_000);
    const idToken = store.idToken({ jti: undefined });
    secretOf(await store.exchange(idToken));
    assertProblem(await store.exchange(idToken), 401, 'ID_TOKEN_SPENT');
    assert.notEqual(withOtherSignature(idToken), idToken);
    assertProblem(await store.exchange(withOtherSignature(idToken)), 401, 'ID_TOKEN_SPENT');
    secretOf(await store.exchange(store.idToken({ jti: undefined, run_id: '778' })));
  });
  await t.test('is refused until it has expired, to the last second that clocks may differ', async () => {
    const idToken = store.idToken();
    secretOf(await store.exchange(idToken));
    store.later(359_000);
    secretOf(await store.exchange(store.idToken())); // which clears what was spent
    assertProblem(await store.exchange(idToken), 401, 'ID_TOKEN_SPENT');
    store.later(2_000);
    assertProblem(await store.exchange(idToken), 401, 'ID_TOKEN_INVALID');
  });
});
