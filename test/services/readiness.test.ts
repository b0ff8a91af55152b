// A verdict of readiness that holds for a second, by whatever clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instant } from '../../server/domain/instant.ts';
import { realWorld } from '../../server/ops/world.ts';
import { createReadiness } from '../../server/services/readiness.ts';

test('readiness', async (t) => {
  let now = Date.UTC(2026, 0, 1) as Instant;
  const later = (ms: number) => {
    now = (now + ms) as Instant;
  };
  let probes = 0;
  let works = true;
  const store = {
    countLive: async () => 0,
    probe: async () => {
      probes++;
      if (!works) throw new Error('the disk is full');
    },
  };
  const ready = createReadiness(store, { ...realWorld, now: () => now });

  await t.test('is asked of the store once a second', async () => {
    for (let asked = 0; asked < 10; asked++) await ready();
    assert.equal(probes, 1);
    later(1_000);
    await ready();
    assert.equal(probes, 2);
  });
  await t.test('is told anew when the clock was set back', async () => {
    works = false;
    later(-3_600_000);
    await assert.rejects(ready());
    works = true;
    later(1_000);
    await ready();
  });
});
