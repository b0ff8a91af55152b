// One line of what `npm run bench:lists` finds: whether any list or search takes long in a store of a million.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { storeVersion } from './dataset-store.ts';
import type { Bench } from './rows.ts';
import { median } from './statistics.ts';

const SCRIPT = fileURLToPath(new URL('lists.ts', import.meta.url));
const [FULL, QUICK] = [1_000_000, 100_000];
/** As lists.ts prints a line: the name, calls, then median, worst and CPU time of the worst, in milliseconds. */
const LINE = /^(\S.*?)\s+(\d+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+[\d.]+$/;

export async function measureLists(bench: Bench): Promise<void> {
  const stored = bench.quick ? QUICK : FULL;
  const keep = join(bench.folder, `lists-${stored}-${storeVersion()}`);
  const child = spawn(process.execPath, [SCRIPT, '--signatures', String(stored), '--keep', keep]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const [code] = await once(child, 'close');
  const lines = said.split('\n').flatMap((line) => {
    const [, name, calls, middle, worst] = LINE.exec(line) ?? [];
    return name === undefined ? [] : [{ name, calls: Number(calls), median: Number(middle), worst: Number(worst) }];
  });
  const slowest = lines.reduce((one, other) => (other.worst > one.worst ? other : one), lines[0] ?? failed(said));
  bench.report({
    area: 'lists',
    what: 'lists and search of the API',
    stored,
    who: `lookaside, ${lines.length} lists`,
    p50Ms: median(lines.map((line) => line.median)),
    p99Ms: slowest.worst,
    note: `the worst of ${sum(lines.map(({ calls }) => calls))} calls instead of a p99: ${slowest.name}${code === 0 ? '' : '; more than it may take'}`,
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function failed(said: string): never {
  throw new Error(`lists.ts measured nothing: ${said}`);
}
