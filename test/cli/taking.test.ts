// What `import` and `bundle load` do at a signal: the process is this one, and the signals are real.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReport } from '../../server/cli/import/report.ts';
import { type PathEntry, takeAll } from '../../server/cli/import/taking.ts';
import { randomDigest } from '../store/scene.ts';
import { importScene, REGISTRY } from './import-scene.ts';

test('taking signatures in number', async (t) => {
  const { config, signer, served } = await importScene(t);
  const repository = `${REGISTRY}/acme/app`;
  const entry = (path: string) => {
    const digest = randomDigest();
    return { digest, path, bytes: signer.sign(`${repository}:v1`, digest), target: `${repository}@${digest}` };
  };

  async function take(source: (stopped: () => boolean) => AsyncIterable<PathEntry>) {
    const lines: string[] = [];
    const say = (line: string) => void (line.startsWith('note ') || lines.push(line));
    const terminal = { out: say, err: say, interactive: false, user: 'tester', askSecret: null, ask: null };
    const context = { loadConfig: () => config, terminal, exitCode: 0 };
    const report = createReport(terminal, { json: false, dryRun: false });
    return { complete: await takeAll(source, { report, context, dryRun: false, expected: () => 2 }), lines };
  }

  await t.test('stores what was under way when a signal comes, says so, and is not complete', async () => {
    const [first, second] = [entry('a'), entry('b')];
    const { complete, lines } = await take(async function* (stopped) {
      yield first;
      process.kill(process.pid, 'SIGTERM');
      while (!stopped()) await new Promise(setImmediate);
      if (!stopped()) yield second;
    });
    assert.equal(complete, false);
    assert.deepEqual([served(repository, first.digest).length, served(repository, second.digest).length], [1, 0]);
    assert.deepEqual(lines, [
      'ending when what is under way is stored; once more ends at once',
      '1 stored, 0 already there, 0 stayed out',
      'this was not all of it; run it again to go on',
    ]);
  });
  await t.test('is complete at the end of the source, and leaves signals alone again', async () => {
    const { complete, lines } = await take(async function* () {
      yield entry('c');
    });
    assert.deepEqual([complete, lines], [true, ['1 stored, 0 already there, 0 stayed out']]);
    assert.equal(process.listenerCount('SIGTERM'), 0);
  });
});
