// What admins do: withdraw, register, retire and revoke keys, make and revoke tokens, sign in, look around; here by the
// API, and from another process on the same database by the command line.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cookieOf } from '../support/people.ts';
import { runCli } from '../support/processes.ts';
import { type ModelKey, pick } from './model.ts';
import type { Pace } from './pace.ts';
import { JSON_TYPE, KEYS_PER_SECOND, PASSWORD, RAW_TYPE, type Scene } from './scene.ts';

const json = (body: object) => ({ headers: JSON_TYPE, body: JSON.stringify(body) });

export async function startChanges(scene: Scene, pace: Pace): Promise<void> {
  pace.start(1, () => withdrawOne(scene, withdrawByApi));
  pace.start(KEYS_PER_SECOND, () => rotateKey(scene), 1);
  pace.start(1 / 5, () => useToken(scene));
  pace.start(1 / 15, () => signIn(scene));
  pace.start(1 / 20, () => commands(scene), 1);
  const { stdout } = await runCli(['backup', '--help']);
  if (stdout.includes('lookaside backup')) pace.start(1 / 60, () => backup(scene), 1);
  else process.stderr.write('no backups: there is no such command\n');
}

type Withdraw = (scene: Scene, id: number) => Promise<boolean>;

async function withdrawOne(scene: Scene, withdraw: Withdraw): Promise<void> {
  const { model } = scene;
  const image = pick(model.images);
  const signature = image && pick(model.live(image));
  if (!image || !signature) return;
  await model.changing(image, async () => {
    if (await withdraw(scene, signature.id)) signature.withdrawn = true;
  });
}

async function withdrawByApi(scene: Scene, id: number): Promise<boolean> {
  const request = { method: 'DELETE', token: scene.admin, ...json({ reason: 'soak' }) };
  // 409: two drew the same one.
  const answer = await scene.call('withdrawal', `/api/v1/signatures/${id}`, { ...request, expected: [204, 409] });
  return answer !== null;
}

async function withdrawByCommand(scene: Scene, id: number): Promise<boolean> {
  return command(scene, ['withdraw', String(id), '--reason', 'soak']);
}

/** A new key comes; an old one goes, first retired and then revoked or taken back. */
async function rotateKey(scene: Scene): Promise<void> {
  const { model } = scene;
  const key = scene.nextKeys.pop();
  if (!key) return;
  const headers = { 'content-type': 'application/pgp-keys' };
  const request = { method: 'POST', token: scene.admin, headers, body: key.signer.publicKey };
  if (await scene.call('key registered', '/api/v1/keys', { ...request, expected: [201] })) model.keys.push(key);

  const [old] = model.keys.filter(({ state }) => state === 'active');
  if (!old || old === key) return;
  await model.changing(null, async () => {
    await change(scene, old, 'retired');
    await change(scene, old, Math.random() < 0.5 ? 'revoked' : 'active');
  });
}

async function change(scene: Scene, key: ModelKey, state: ModelKey['state']): Promise<void> {
  const body = state === 'revoked' ? { state, reason: 'soak' } : { state, force: state === 'retired' };
  const request = { method: 'PATCH', token: scene.admin, ...json(body), expected: [200] };
  if (await scene.call(`key ${state}`, `/api/v1/keys/${key.signer.fingerprint}`, request)) key.state = state;
}

/** Works from its first moment to its last, and not after it. */
async function useToken(scene: Scene): Promise<void> {
  const request = { method: 'POST', token: scene.admin, ...json({ name: 'soak', permissions: ['read'] }) };
  const made = await scene.call('token created', '/api/v1/tokens', { ...request, expected: [201] });
  if (!made) return;
  const { id, secret } = made.json<{ id: string; secret: string }>();
  const list = '/api/v1/repositories?limit=5';
  await scene.call('token used', list, { token: secret, expected: [200] });
  await scene.call('token revoked', `/api/v1/tokens/${id}`, { method: 'DELETE', token: scene.admin, expected: [204] });
  await scene.call('token refused', list, { token: secret, expected: [401, 429] });
}

async function signIn(scene: Scene): Promise<void> {
  const origin = { origin: scene.server.url };
  const body = json({ username: 'admin', password: PASSWORD });
  const headers = { ...origin, ...body.headers };
  const signedIn = await scene.call('sign-in', '/api/v1/session', {
    method: 'POST',
    ...body,
    headers,
    expected: [200],
  });
  if (!signedIn) return;
  const cookie = { cookie: cookieOf(signedIn) };
  await scene.call('overview', '/api/v1/overview', { headers: cookie, expected: [200] });
  const end = { method: 'DELETE', headers: { ...origin, ...cookie }, expected: [204] };
  await scene.call('sign-out', '/api/v1/session', end);
  await scene.call('session ended', '/api/v1/overview', { headers: cookie, expected: [401] });
}

const LISTS: readonly string[] = [
  '/api/v1/signatures?limit=50',
  '/api/v1/signatures?state=withdrawn&limit=20',
  '/api/v1/repositories?q=app&limit=50',
  '/api/v1/images?repository=registry.example.com/team-0/app-1&limit=50',
  '/api/v1/search?q=app-1',
  '/api/v1/search?q=v0',
  '/api/v1/keys?limit=20',
  '/api/v1/tokens?limit=20',
  '/api/v1/audit?limit=50',
  '/api/v1/audit?action=key.revoked&limit=20',
  '/api/v1/refusals?limit=20',
  '/api/v1/overview',
];

export async function askForEverything(scene: Scene): Promise<void> {
  for (const path of LISTS) await scene.call('list', path, { token: scene.admin, expected: [200] });
  await signIn(scene);
}

/** Lists, and the pages that follow. */
export function startLists(scene: Scene, pace: Pace): void {
  pace.start(2, async () => {
    const path = LISTS[Math.floor(Math.random() * LISTS.length)] ?? '';
    const options = { token: scene.admin, expected: [200] };
    const first = await scene.call('list', path, options);
    const next = first?.json<{ next?: string | null }>().next;
    if (next) await scene.call('list', `${path}&cursor=${encodeURIComponent(next)}`, options);
  });
  pace.start(1, async () => {
    const signature = pick(scene.model.images)?.signatures[0];
    if (!signature) return;
    const path = `/api/v1/signatures/${signature.id}`;
    await scene.call('signature shown', path, { token: scene.admin, expected: [200] });
    const blob = await scene.call('blob', `${path}/blob`, { token: scene.admin, expected: [200] });
    if (blob && !blob.body.equals(signature.bytes)) scene.record.wrong(`${path}/blob has other bytes`);
  });
  pace.start(1, async () => {
    const [signature] = pick(scene.model.images)?.signatures ?? [];
    if (signature?.key.state !== 'active') return;
    const request = { method: 'POST', token: scene.admin, headers: RAW_TYPE, body: signature.bytes };
    await scene.call('verdict', '/api/v1/verify', { ...request, expected: [200] });
  });
  pace.start(1 / 5, async () => void (await scene.call('ready', '/readyz', { expected: [200] })));
}

async function commands(scene: Scene): Promise<void> {
  await withdrawOne(scene, withdrawByCommand);
  await command(scene, ['list']);
  await command(scene, ['key', 'list']);
  await command(scene, ['audit', 'verify']);
}

async function command(scene: Scene, args: readonly string[]): Promise<boolean> {
  const began = performance.now();
  const { code, stderr } = await runCli(args, { env: { LOOKASIDE_DATA_DIR: scene.dataDir } });
  const kind = `command ${args[0]}${args[0] === 'key' || args[0] === 'audit' ? ` ${args[1]}` : ''}`;
  const raced = args[0] === 'withdraw' && stderr.includes('SIGNATURE_WITHDRAWN');
  if (code === 0 || raced) scene.record.done(kind, `exit ${code}`, performance.now() - began);
  else scene.record.wrong(`${kind} ended with ${code}: ${stderr}`);
  return code === 0 || raced;
}

async function backup(scene: Scene): Promise<void> {
  const file = join(scene.dataDir, '..', `${scene.server.pid}.soak-backup`);
  rmSync(file, { force: true });
  if (await command(scene, ['backup', file])) if (!existsSync(file)) scene.record.wrong('a backup made no file');
  rmSync(file, { force: true });
}
