// `npm run soak -- --minutes 20`: a server process under a mix as in life, for as long as asked. Each answer is held
// against a model of what was acknowledged; memory, file descriptors and time are watched. Exit 0: nothing was lost,
// nothing unexpected, nothing grew.
import { setTimeout as sleep } from 'node:timers/promises';
import { openReadConnection } from '../concurrency/read-connection.ts';
import { must, runCli } from '../support/processes.ts';
import { askForEverything, startChanges, startLists } from './changes.ts';
import { readOptions } from './options.ts';
import { createPace } from './pace.ts';
import { startReads, walkImage } from './reads.ts';
import { countDescriptors, type Sample, takeSample } from './samples.ts';
import { createScene, type Scene } from './scene.ts';
import { startUploads, uploadNew } from './uploads.ts';
import { judge, type Seen } from './verdict.ts';

const SAMPLE_MS = 5_000;
/** Longer than verification workers stay when they have nothing to do. */
const SETTLE_MS = 35_000;

const options = readOptions(process.argv.slice(2));
const ends: (() => unknown)[] = [];
const t = { after: (end: () => unknown) => void ends.unshift(end) };
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void endAll().then(() => process.exit(1)));

try {
  process.exitCode = (await soak()) ? 0 : 1;
} finally {
  await endAll();
}

async function endAll(): Promise<void> {
  for (const end of ends.splice(0)) await end();
}

async function soak(): Promise<boolean> {
  const scene = await createScene(t as never, options);
  const { server, record, model } = scene;
  await fill(scene);
  await askForEverything(scene); // so that all threads are there
  const before = countDescriptors(server.pid);
  const { samples, late } = await load(scene);
  tell(`load ended; ${model.images.length} images`);

  const lost = await countLost(scene);
  await sleep(SETTLE_MS);
  const after = countDescriptors(server.pid);
  const { code: exitCode } = await server.end('SIGTERM');
  await must(runCli(['audit', 'verify'], { env: { LOOKASIDE_DATA_DIR: scene.dataDir } }));

  const descriptors = { before, after };
  const seen: Seen = { samples, counted: record.counted(), wrongs: record.wrongs(), lost, late, descriptors, exitCode };
  const verdict = judge(seen);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ options, ...seen, told: record.told(), verdict }, null, 2)}\n`
      : `${verdict.table}\n\n${verdict.passed ? 'passed' : `FAILED: ${verdict.findings.join('; ')}`}\n`,
  );
  return verdict.passed;
}

async function fill(scene: Scene): Promise<void> {
  while (scene.model.images.length < options.images)
    await Promise.all(Array.from({ length: 8 }, () => uploadNew(scene)));
  tell(`${scene.model.images.length} images are there`);
}

async function load(scene: Scene): Promise<{ samples: Sample[]; late: number }> {
  const { server, metricsUrl, databasePath, record } = scene;
  const pace = createPace((error) => record.wrong(`a client failed: ${error}`));
  const reads = startReads(scene, pace, options.reads);
  startUploads(scene, pace, options.uploads);
  startLists(scene, pace);
  await startChanges(scene, pace);

  const samples: Sample[] = [];
  const began = performance.now();
  const endsAt = began + options.minutes * 60_000;
  while (performance.now() < endsAt) {
    await sleep(Math.min(SAMPLE_MS, Math.max(1, endsAt - performance.now())));
    const seconds = (performance.now() - began) / 1000;
    const sample = await takeSample({ pid: server.pid, metricsUrl, databasePath }, seconds);
    samples.push(sample);
    if (samples.length % 12 === 1)
      tell(JSON.stringify(sample, (_, value) => (typeof value === 'number' ? +value.toFixed(1) : value)));
  }
  await pace.stop();
  reads.end();
  return { samples, late: pace.late() };
}

/** Every image once more, with nothing going on: each list is exactly what was acknowledged. */
async function countLost(scene: Scene): Promise<number> {
  const before = scene.record.wrongs();
  const connection = await openReadConnection(scene.server.url);
  for (const image of scene.model.images) await walkImage(scene, image, connection);
  connection.end();
  return scene.record.wrongs() - before;
}

function tell(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}
