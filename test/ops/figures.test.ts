// Figures at a scrape: one that fails, or hangs, takes no other along.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { type Figure, watchFigures } from '../../server/ops/figures.ts';
import { createReadTiming } from '../../server/ops/read-timing.ts';

function scrapes(figures: readonly Figure[], waitMs = 100): () => Promise<(line: string) => string | undefined> {
  const registry = new Registry();
  watchFigures(registry, waitMs)(figures);
  return async () => {
    const lines = (await registry.metrics()).split('\n');
    return (start) => lines.find((line) => line.startsWith(`${start} `))?.slice(start.length + 1);
  };
}
const failures = (metric: string) => `lookaside_metrics_failures_total{metric="${metric}"}`;

test('a scrape', async (t) => {
  let broken = false;
  const told = (value: number) => {
    if (broken) throw new Error('broken');
    return value;
  };
  const scrape = scrapes([
    { name: 'good', help: 'x', read: () => 1 },
    { name: 'bad', help: 'x', read: () => told(2) },
    { name: 'late', help: 'x', read: () => (broken ? new Promise<number>(() => {}) : 3) },
    { name: 'by_name', help: 'x', labels: ['name'], read: async () => [{ labels: { name: 'a' }, value: told(4) }] },
    { name: 'total', help: 'x', kind: 'counter', read: () => told(5) },
  ]);

  await t.test('has every figure', async () => {
    const value = await scrape();
    const values = ['good', 'bad', 'late', 'by_name{name="a"}', 'total'].map(value);
    assert.deepEqual(values, ['1', '2', '3', '4', '5']);
    assert.equal(value(failures('bad')), '0');
  });
  await t.test('has the others when some fail, throw or hang', async () => {
    broken = true;
    const value = await scrape();
    const values = ['good', 'bad', 'late', 'by_name{name="a"}'].map(value);
    assert.deepEqual(values, ['1', 'Nan', 'Nan', undefined]);
  });
  await t.test('does not take a counter back', async () => assert.equal((await scrape())('total'), '5'));
  await t.test('counts the failures', async () => {
    const value = await scrape();
    assert.ok(Number(value(failures('late'))) >= 1);
    assert.equal(value(failures('good')), '0');
  });
  await t.test('has them all again afterwards, and forgets labels that are gone', async () => {
    broken = false;
    const value = await scrape();
    assert.deepEqual(['bad', 'late', 'by_name{name="a"}'].map(value), ['2', '3', '4']);
  });
});

test('a figure by labels that are gone is gone', async () => {
  let names = ['a', 'b'];
  const read = () => names.map((name) => ({ labels: { name }, value: 1 }));
  const scrape = scrapes([{ name: 'by_name', help: 'x', labels: ['name'], read }]);
  assert.equal((await scrape())('by_name{name="b"}'), '1');
  names = ['a'];
  assert.equal((await scrape())('by_name{name="b"}'), undefined);
});

test('the time of reads', async (t) => {
  const took: number[] = [];
  const timing = createReadTiming((seconds) => took.push(seconds));
  const reads = (count: number, second: number) => {
    for (let read = 0; read < count; read++) {
      timing.begin(second);
      timing.end();
    }
  };
  await t.test('is taken of the first in each second', () => {
    for (let second = 0; second < 5; second++) reads(10, second);
    assert.equal(took.length, 5);
  });
  await t.test('and of one in 256', () => {
    took.length = 0;
    reads(256 * 10, 9);
    assert.equal(took.length, 10);
  });
  await t.test('is not taken of a read that did not end', () => {
    took.length = 0;
    timing.begin(10);
    timing.begin(10);
    timing.begin(11);
    timing.end();
    timing.end();
    assert.equal(took.length, 1);
    assert.ok((took[0] ?? -1) >= 0);
  });
});
