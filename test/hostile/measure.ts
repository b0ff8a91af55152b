// `npm run measure:hostile`: what the costliest input costs, in CPU time and in memory at its peak beyond what a worker
// has anyway; as the table of docs/hostile-input.md.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LIST, type List } from './cases.ts';

const CASE = fileURLToPath(new URL('./measure-case.ts', import.meta.url));

for (const list of Object.keys(LIST) as List[]) {
  process.stdout.write(`| ${list} | answer | CPU ms | MiB |\n| --- | --- | ---: | ---: |\n`);
  for (const { what } of await LIST[list]()) {
    const { stdout, stderr } = spawnSync(process.execPath, [CASE, list, what], { encoding: 'utf8', timeout: 300_000 });
    if (stdout === '') throw new Error(`${what}: ${stderr}`);
    const { answer, cpuMs, peakMiB } = JSON.parse(stdout) as { answer: string; cpuMs: number; peakMiB: number };
    process.stdout.write(`| ${what} | ${answer} | ${cpuMs.toFixed(1)} | ${peakMiB.toFixed(0)} |\n`);
  }
  process.stdout.write('\n');
}
