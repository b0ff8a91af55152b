// The costliest input costs a bounded amount of CPU time and memory: bounds far above what was measured
// (docs/hostile-input.md), and far below what would hold up a worker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costOf, LIST, type List } from './cases.ts';

/** Milliseconds of CPU time: some fifteen and five times what was measured. */
const MOST_CPU_MS: Readonly<Record<List, number>> = { signatures: 1_000, keys: 5_000 };
const MOST_GROWTH_MIB = 256;

for (const list of Object.keys(LIST) as List[])
  test(`the costliest ${list}`, async (t) => {
    const cases = await LIST[list]();
    assert.ok(cases.length > 10);
    for (const { what, prepare } of cases)
      await t.test(`cost little: ${what}`, async () => {
        const run = await prepare();
        const before = process.resourceUsage().maxRSS;
        const { answer, cpuMs } = await costOf(run);
        const grownMiB = (process.resourceUsage().maxRSS - before) / 1024;
        assert.ok(cpuMs < MOST_CPU_MS[list], `${answer} after ${cpuMs} ms`);
        assert.ok(grownMiB < MOST_GROWTH_MIB, `${answer} with ${grownMiB} MiB more`);
      });
  });
