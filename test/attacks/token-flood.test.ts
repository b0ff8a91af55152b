// A machine that keeps sending tokens that are none: it is told to wait, and nobody else notices, not even behind the same
// address. Reads of signatures are never answered with 429, which would fail the pull.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { assertProblem, IMAGE, scene, signature, stored } from '../http/scene.ts';
import { type Answer, bearer, send } from '../http/wire.ts';

const BODY = `lks_${'A'.repeat(43)}`;
const CHECK = Buffer.alloc(4);
CHECK.writeUInt32BE(crc32(BODY));
/** Of the right form, check digits included, so that the store has to look for it. */
const UNKNOWN = BODY + CHECK.toString('base64url');

function isSlowed(answer: Answer): boolean {
  if (answer.status !== 429) return false;
  assertProblem(answer, 429, 'CREDENTIALS_SLOWED');
  const wait = Number(answer.headers['retry-after']);
  assert.ok(wait >= 1 && wait <= 60, answer.headers['retry-after']);
  return true;
}

async function flood(url: string, path: string, method: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let count = 0; count < 110; count++) answers.push(await send(url, path, { method, headers: bearer(UNKNOWN) }));
  return answers;
}

for (const [method, path] of [
  ['GET', '/api/v1/signatures'],
  ['POST', '/api/v1/signatures'],
  ['PUT', `/${IMAGE}/signature-1`],
] as const)
  test(`${method} ${path.slice(0, 30)} with wrong tokens`, async (t: TestContext) => {
    const store = await scene(t);
    const answers = await flood(store.url, path, method);
    await t.test('is 401 a hundred times, and then 429', () => {
      for (const answer of answers.slice(0, 100)) assertProblem(answer, 401, 'CREDENTIALS_INVALID');
      assert.ok(answers.slice(100).every(isSlowed));
    });
    await t.test('does not keep a good token from the same address waiting', async () =>
      assert.equal((await store.uploadRaw(signature('rsa2048'))).status, 201),
    );
    await t.test('goes on as 401 for who sends none', async () =>
      assertProblem(await send(store.url, path, { method }), 401, 'CREDENTIALS_MISSING'),
    );
  });

test('private reads with wrong tokens', async (t) => {
  const store = await scene(t, { LOOKASIDE_READ_ACCESS: 'token' });
  await stored(store, 'rsa2048');
  const statuses = async (count: number) => {
    const answers: number[] = [];
    for (let index = 0; index < count; index++)
      answers.push(
        (await store.get(`/${IMAGE}/signature-${1 + (index % 2)}`, bearer(UNKNOWN) as Record<string, string>)).status,
      );
    return [...new Set(answers)];
  };
  await t.test('are 401 however many there are', async () => assert.deepEqual(await statuses(250), [401]));
  await t.test('are 401 also when the API has been flooded, and right ones are answered', async () => {
    assert.ok((await flood(store.url, '/api/v1/signatures', 'GET')).some(isSlowed));
    assert.deepEqual(await statuses(50), [401]);
    const headers = bearer(store.token) as Record<string, string>;
    assert.equal((await store.get(`/${IMAGE}/signature-1`, headers)).status, 200);
    assert.equal((await store.get(`/${IMAGE}/signature-2`, headers)).status, 404);
  });
});
