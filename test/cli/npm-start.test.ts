// `npm start`, as the README has it and as supervisors of processes run it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { startService } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

test('whoever ends npm ends the store, which finishes first what it is doing', async (t) => {
  const settings = { LOOKASIDE_PORT: '0', LOOKASIDE_METRICS_PORT: '0', LOOKASIDE_LOG_LEVEL: 'info' };
  const env = { ...settings, LOOKASIDE_DATA_DIR: tempDir(t), HOME: tmpdir() };
  let child = 0;
  t.after(() => endLeftover(child)); // before the hook that waits for the end of npm, and of what it has started
  const npm = startService(t, 'npm', ['start'], env);
  await npm.line(/"event":"server.started"/);
  // npm passes the signal on to its child: a shell there would end, and leave the store behind.
  child = Number(readFileSync(`/proc/${npm.pid}/task/${npm.pid}/children`, 'utf8'));
  assert.match(readFileSync(`/proc/${child}/cmdline`, 'utf8'), /^[^\0]*node\0.*serve\0$/s);
  const stopped = npm.line(/"event":"server.stopped"/);
  await npm.end('SIGTERM');
  await stopped;
});

function endLeftover(pid: number): void {
  try {
    for (const each of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean))
      process.kill(Number(each), 'SIGKILL');
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
}
