// The first admin of a new store: made once, whoever starts, and its password told once, to whoever started it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { send } from '../http/wire.ts';
import { CLI, cleanEnv, must, runCli } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const SHOWN = /^ {4}user name {2}admin\n {4}password {3}((?:[0-9a-z]{4}-){5}[0-9a-z]{4})$/m;

type Running = { readonly url: string; read(): { readonly out: string; readonly err: string } };

/** A directory for a store, and servers on it that end before it goes. */
function scene(t: Pick<TestContext, 'after'>) {
  const ends: (() => Promise<unknown>)[] = [];
  t.after(() => Promise.all(ends.map((end) => end())));
  const dir = tempDir(t);
  const env = { LOOKASIDE_DATA_DIR: join(dir, 'data') };

  /** `lookaside serve`, its two streams apart. */
  async function serve(more: Environment = {}): Promise<Running> {
    const settings = { ...env, LOOKASIDE_PORT: '0', LOOKASIDE_METRICS_PORT: '0', ...more };
    const [node = '', ...args] = [...CLI, 'serve'];
    const child = spawn(node, args, { env: cleanEnv(settings), stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    ends.push(() => {
      child.kill('SIGKILL');
      return ended;
    });
    const seen = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      seen.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      seen.err += chunk.toString();
    });
    const started = () => /"url":"([^"]+)".*"server\.started"/.exec(seen.out)?.[1] ?? null;
    await until(() => started() !== null);
    return { url: started() ?? assert.fail(seen.err), read: () => seen };
  }
  return { dir, env, serve };
}

const until = async (condition: () => boolean) => {
  for (let round = 0; round < 400 && !condition(); round++) await new Promise((resolve) => setTimeout(resolve, 50));
};

const signIn = (url: string, password: string) =>
  send(url, '/api/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });

test('the first start', async (t) => {
  const { env, serve } = scene(t);
  const server = await serve();
  await until(() => SHOWN.test(server.read().err));
  const password = SHOWN.exec(server.read().err)?.[1] ?? '';

  await t.test('shows a password on standard error, where nobody watches either, and it is the right one', async () => {
    assert.notEqual(password, '', server.read().err);
    assert.match(server.read().err, new RegExp(`Sign in at ${server.url}/ui/:`));
    assert.equal((await signIn(server.url, password)).status, 200);
  });
  await t.test('shows it once, and not in the log', () => {
    const { out, err } = server.read();
    assert.equal(err.split(password).length, 2);
    assert.ok(out.includes('server.started') && !out.includes(password));
  });
  await t.test('is the only one: another shows nothing and makes nobody', async () => {
    const second = await serve();
    assert.equal((await signIn(second.url, password)).status, 200);
    assert.equal(second.read().err, '');
    const { stdout } = await must(runCli(['audit', 'list', '--action', 'user.created', '--json'], { env }));
    const row = JSON.parse(stdout) as { actor: object };
    assert.deepEqual(row.actor, { kind: 'local', name: 'first start' });
  });
});

test('the first start of two servers at once', async (t) => {
  const { serve } = scene(t);
  await t.test('makes one admin and shows one password, which both take', async () => {
    const servers = await Promise.all([serve(), serve()]);
    const shown = () => servers.flatMap(({ read }) => SHOWN.exec(read().err)?.[1] ?? []);
    await until(() => shown().length > 0);
    const [password = '', ...others] = shown();
    assert.deepEqual(others, []);
    for (const { url } of servers) assert.equal((await signIn(url, password)).status, 200);
  });
});

test('the first start with a given password', async (t) => {
  const { dir, env, serve } = scene(t);
  const file = join(dir, 'password');
  writeFileSync(file, 'given to the store\n');
  await t.test('takes it from a file, and shows nothing', async () => {
    const server = await serve({ LOOKASIDE_ADMIN_PASSWORD_FILE: file });
    assert.equal((await signIn(server.url, 'given to the store')).status, 200);
    const { out, err } = server.read();
    assert.deepEqual([err, out.includes('given to')], ['', false]);
  });
  await t.test('has settled it: another one given later has no effect', async () => {
    const server = await serve({ LOOKASIDE_ADMIN_PASSWORD: 'given much later' });
    assert.equal((await signIn(server.url, 'given much later')).status, 401);
    assert.equal((await signIn(server.url, 'given to the store')).status, 200);
  });
  await t.test('does not begin when it is weak', async () => {
    const weak = { ...env, LOOKASIDE_ADMIN_PASSWORD: 'hunter2' };
    const { code, stdout, stderr } = await runCli(['serve'], { env: weak });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /^lookaside: LOOKASIDE_ADMIN_PASSWORD is \*\*\*; allowed: 8 to 1000 characters \(CONFIG_INVALID\)$/m,
    );
  });
});

test('a command', async (t) => {
  const { env, serve } = scene(t);
  await t.test('makes no admin, though it makes the store', async () => {
    await must(runCli(['token', 'create', '--name', 'x', '--allow', 'read'], { env }));
    assert.match((await must(runCli(['user', 'list'], { env }))).stderr, /there is no user yet/);
  });
  await t.test('that adds somebody first leaves nothing to do for the first start', async () => {
    await must(runCli(['user', 'add', 'own', '--role', 'admin', '--generate'], { env }));
    assert.equal((await serve()).read().err, '');
    assert.match(
      (await must(runCli(['user', 'list', '--json'], { env }))).stdout,
      /^\[\s*\{\s*"name": "own"[^}]*\}\s*\]$/m,
    );
  });
});

test('a start that fails', async (t) => {
  await t.test('has not made an admin whose password nobody was told', async (t) => {
    const first = await scene(t).serve();
    const { env } = scene(t);
    const taken = new URL(first.url).port;
    const failed = await runCli(['serve'], { env: { ...env, LOOKASIDE_PORT: taken, LOOKASIDE_METRICS_PORT: '0' } });
    assert.equal(failed.code, 2);
    assert.match((await must(runCli(['user', 'list'], { env }))).stderr, /there is no user yet/);
  });
});
