// kill -9 in the middle of a backup and of a restore, at random moments: what has the name is the old file or the new one,
// whole, and running the command again works.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyOf, filledStore, findingsOf, spoil } from '../services/upkeep-scene.ts';
import { CLI, must, runCli, startService } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const ROUNDS = 8;
const [NODE = '', LAUNCH = ''] = CLI;

/** So large that copying it takes a moment that can be hit. */
const BALLAST = `WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 20000)
  INSERT INTO refusals (at, actor, code, detail) SELECT 0, '{}', 'INTERNAL', hex(randomblob(500)) FROM up`;

async function largeStore(t: Parameters<typeof tempDir>[0]) {
  const file = await filledStore(t);
  spoil(file, BALLAST);
  return { file, ...copyOf(t, file) };
}

/** Runs it once to the end, and then kills it ROUNDS times somewhere in the second half of that time. */
async function killed(
  t: Parameters<typeof tempDir>[0],
  args: readonly string[],
  dataDir: string,
  look: (code: number | null) => Promise<void>,
) {
  const env = { LOOKASIDE_DATA_DIR: dataDir };
  const start = performance.now();
  await must(runCli(args, { env }));
  const whole = performance.now() - start;
  let cut = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const service = startService(t, NODE, [LAUNCH, ...args], env);
    await sleep(whole * (0.5 + (0.6 * round) / ROUNDS));
    const { code } = await service.end('SIGKILL');
    if (code === null) cut++;
    await look(code);
  }
  assert.ok(cut > 0, 'no round was killed in the middle; the test proves nothing');
}

test('a backup that is killed leaves the former file or a whole new one', { timeout: 120_000 }, async (t) => {
  const { dataDir } = await largeStore(t);
  const folder = tempDir(t);
  const file = join(folder, 'backup.db');
  await killed(t, ['backup', file, '--force'], dataDir, async (code) => {
    assert.ok(code === null || code === 0, String(code));
    if (existsSync(file)) assert.deepEqual((await findingsOf(file)).found, []);
    for (const name of readdirSync(folder)) assert.match(name, /^backup\.db$|^\.lookaside-backup-/);
    rmSync(file, { force: true });
  });
  await must(runCli(['backup', file], { env: { LOOKASIDE_DATA_DIR: dataDir } }));
});

test('a restore that is killed leaves the old store or the new one', { timeout: 120_000 }, async (t) => {
  const { file, dataDir, path } = await largeStore(t);
  spoil(path, 'UPDATE last_backup SET at = 17');
  const old = readFileSync(path);
  const outcomes = new Set<string>();
  await killed(t, ['restore', file, '--force'], dataDir, async () => {
    const now = readFileSync(path);
    outcomes.add(now.equals(old) ? 'old' : 'new');
    assert.ok(!existsSync(`${path}-journal`) || now.equals(old));
    assert.deepEqual((await findingsOf(path)).found, []);
    if (now.equals(old)) return;
    // The replaced one is there as well, under its other name; begin again with it.
    const kept = readdirSync(dataDir).filter((name) => name.includes('.before-restore-'));
    assert.ok(kept.some((name) => readFileSync(join(dataDir, name)).equals(old)));
    for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name));
    copyFileSync(file, path);
    spoil(path, 'UPDATE last_backup SET at = 17');
    assert.ok(readFileSync(path).equals(old));
  });
  await must(runCli(['restore', file, '--force'], { env: { LOOKASIDE_DATA_DIR: dataDir } }));
  assert.ok(outcomes.has('old'), 'no round was killed before the rename');
  for (const name of readdirSync(dataDir)) assert.doesNotMatch(name, /restoring/);
});
