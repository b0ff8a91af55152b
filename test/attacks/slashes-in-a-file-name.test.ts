// A file name of a form is as long as a header may be, and a form has 256 of them. Read by a pattern that can match
// in many ways, each would hold the event loop, and with it every pull, for a tenth of a second.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCKER_HUB } from '../../server/domain/repository-name.ts';
import { parseTarget } from '../../server/domain/slot.ts';
import { results, scene, signature } from '../http/scene.ts';

const SLASHES = '/'.repeat(16_000);

test('a file name of slashes', async (t) => {
  await t.test('costs no more than its length', () => {
    const started = process.cpuUsage();
    for (let count = 0; count < 256; count++)
      assert.throws(() => parseTarget(`${SLASHES}a`, DOCKER_HUB), { code: 'TARGET_INVALID' });
    const { user } = process.cpuUsage(started);
    assert.ok(user < 1_000_000, `${user / 1000} ms of CPU for 256 names`);
  });
  await t.test('is refused as any other that is no target', async () => {
    const store = await scene(t);
    const bytes = signature('rsa2048');
    const answer = await store.upload({ bytes, filename: `${SLASHES.slice(0, 600)}a` }, { bytes });
    assert.deepEqual(
      results(answer).map((result) => result.problem?.code ?? result.status),
      ['TARGET_INVALID', 'stored'],
    );
  });
});
