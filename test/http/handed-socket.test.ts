// Socket activation: connections wait in a socket that systemd keeps, so that a start and a restart lose none.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { CLI, startService } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { findTool, needs } from '../support/tools.ts';
import { send } from './wire.ts';

const MISS = `/quay.io/acme/app@sha256=${'0'.repeat(64)}/signature-1`;
const SERVE = [...CLI, 'serve'];
/** Holds a socket that listens, as systemd does, and starts the server on it again and again. */
const PARENT = `
import ctypes, os, socket, sys
kind, place, runs, *command = sys.argv[1:]
held = socket.socket(socket.AF_UNIX if kind == 'unix' else socket.AF_INET)
held.bind(place if kind == 'unix' else ('127.0.0.1', int(place)))
held.listen(128)
print('held', held.getsockname(), flush=True)
for _ in range(int(runs)):
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).prctl(1, 9)  # ends with its parent
        os.dup2(held.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
        os.execv(command[0], command)
    os.waitpid(child, 0)
`;

const settingsOf = (t: TestContext) => ({ LOOKASIDE_DATA_DIR: tempDir(t), LOOKASIDE_METRICS_PORT: '0' });

/** Of the server that the parent has started last. */
async function childOf(pid: number): Promise<number> {
  for (;;) {
    const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
    if (child > 0) return child;
    await sleep(20);
  }
}

test('a server started by systemd-socket-activate', needs('systemd-socket-activate'), async (t) => {
  const [port, metrics] = [await freePort(), await freePort()];
  const env = settingsOf(t);
  const sockets = ['-l', `127.0.0.1:${port}`, '-l', `127.0.0.1:${metrics}`, '--fdname=lookaside:metrics'];
  const pass = Object.keys(env).flatMap((name) => ['-E', name]);
  const service = startService(t, findTool('systemd-socket-activate') ?? '', [...sockets, ...pass, ...SERVE], env);
  await service.line(/Listening on .*:\d+ as 4/);

  await t.test('answers the request that started it', async () =>
    assert.equal((await send(`http://127.0.0.1:${port}`, MISS)).status, 404),
  );
  await t.test('says where it is', async () => {
    const { input } = await service.line(/"server.started"/);
    const { url, metrics: metricsUrl } = JSON.parse(input);
    assert.deepEqual([url, metricsUrl], [`http://127.0.0.1:${port}`, `http://127.0.0.1:${metrics}/metrics`]);
  });
  await t.test('takes the socket named metrics for that', async () =>
    assert.equal((await send(`http://127.0.0.1:${metrics}`, '/metrics')).status, 200),
  );
});

test('a handed socket', needs('python3'), async (t) => {
  await t.test('loses no connection while the server starts anew', async (t) => {
    const port = await freePort();
    const args = ['-c', PARENT, 'tcp', String(port), '3', ...SERVE];
    const service = startService(t, findTool('python3') ?? '', args, { ...settingsOf(t), LOOKASIDE_LOG_LEVEL: 'info' });
    await service.line(/^held/);
    const statuses = new Set<number>();
    let asking = true;
    const asker = async () => {
      while (asking) statuses.add((await send(`http://127.0.0.1:${port}`, MISS)).status);
    };
    const askers = Promise.all(Array.from({ length: 4 }, asker));
    for (let round = 0; round < 2; round++) {
      const pid = await childOf(service.pid);
      await send(`http://127.0.0.1:${port}`, MISS);
      process.kill(pid, 'SIGTERM');
      while (existsSync(`/proc/${pid}`)) await sleep(20);
    }
    await send(`http://127.0.0.1:${port}`, MISS);
    asking = false;
    await askers;
    assert.deepEqual([...statuses], [404]);
    process.kill(await childOf(service.pid), 'SIGTERM');
  });

  await t.test('can be a unix socket', async (t) => {
    const path = join(tempDir(t), 's');
    const env = { ...settingsOf(t), LOOKASIDE_PUBLIC_URL: 'https://sigs.example.com' };
    const service = startService(t, findTool('python3') ?? '', ['-c', PARENT, 'unix', path, '1', ...SERVE], env);
    const { input } = await service.line(/"server.started"/);
    assert.equal(JSON.parse(input).url, 'unix:fd 3');
    assert.equal((await send(`unix:${path}`, MISS)).status, 404);
    process.kill(await childOf(service.pid), 'SIGTERM');
    await service.line(/"server.stopped"/);
    assert.ok(existsSync(path), 'it belongs to whoever made it');
  });
});

test('what is no socket is told', needs('python3'), async (t) => {
  const script = `
import os, sys
os.dup2(os.open('/dev/null', os.O_RDONLY), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[1], sys.argv[1:])`;
  const service = startService(t, findTool('python3') ?? '', ['-c', script, ...SERVE], settingsOf(t));
  await service.line(
    /file descriptor 3, which was handed over \(LISTEN_FDS\), is no stream socket that listens: EINVAL/,
  );
});
