// `npm run bench`: what Lookaside costs beside what would be used instead of it, as one table. Sets up everything it
// needs; bench/README.md says how to read it.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeDataset, warm } from './dataset.ts';
import { measureIntake } from './intake.ts';
import { measureLists } from './lists-summary.ts';
import { measureMemory } from './memory.ts';
import { readOptions } from './options.ts';
import { measurePush } from './push.ts';
import { measureReads } from './reads.ts';
import type { Area, Bench, Row } from './rows.ts';
import { describeMachine, formatRow, formatTable, HEAD, type Result, writeResult } from './table.ts';
import { measureTail } from './tail.ts';
import { requireTools } from './tools.ts';
import { measureWorkers } from './workers.ts';

const options = readOptions(process.argv.slice(2));
if (cpus().length < 2) throw new Error('two cores are needed: one for the server, one for the load');
requireTools();
// Servers are measured as they come, not as somebody has set up theirs.
for (const name of Object.keys(process.env)) if (name.startsWith('LOOKASIDE_')) delete process.env[name];

// What an interrupted bench has started ends with it (peers.ts), which needs an end in order.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const rows: Row[] = [];
const skipped = new Set<string>();
const scratch = mkdtempSync(join(tmpdir(), 'lookaside-bench-'));
chmodSync(scratch, 0o755); // nginx and Apache, started by root, serve as somebody else
const folder = options.data === undefined ? scratch : resolve(options.data);
const bench: Bench = {
  ...options,
  folder,
  scratch,
  report(row) {
    rows.push(row);
    process.stderr.write(`${formatRow(row)}\n`);
  },
  skip(sentence) {
    skipped.add(sentence);
    process.stderr.write(`${sentence}\n`);
  },
};
const wants = (...areas: readonly Area[]) => areas.some((area) => options.areas.includes(area));

try {
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`${HEAD}\n`); // what comes while it runs is for the impatient; the result is on standard output
  if (wants('reads', 'pull', 'tls', 'memory', 'workers'))
    for (const size of options.sizes) {
      const dataset = await makeDataset(folder, size);
      await warm(dataset);
      await measureReads(bench, dataset);
      if (wants('memory')) await measureMemory(bench, dataset);
      if (wants('workers') && size === (options.sizes.includes(100_000) ? 100_000 : options.sizes[0]))
        await measureWorkers(bench, dataset);
    }
  if (wants('intake')) await measureIntake(bench);
  if (wants('push')) await measurePush(bench);
  if (wants('tail')) await measureTail(bench);
  if (wants('lists')) await measureLists(bench);
  finish();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function finish(): void {
  const result: Result = {
    machine: describeMachine(),
    versions: versions(),
    at: new Date().toISOString(),
    rows,
    skipped: [...skipped],
  };
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : formatTable(result));
  if (options.out !== undefined) writeResult(options.out, result);
}

function versions(): string {
  const said = (command: string, pattern: RegExp) => {
    const { stdout, stderr } = spawnSync(command, ['-v'], { encoding: 'utf8' });
    return pattern.exec(stdout + stderr)?.[1] ?? 'unknown';
  };
  const [nginx, apache] = [said('nginx', /nginx\/([\d.]+)/), said('apache2', /Apache\/([\d.]+)/)];
  return `Node.js ${process.versions.node}, nginx ${nginx}, Apache ${apache}`;
}
