// Changes of every kind, many at a time, until the server is gone; with what became of each as far as its client knows.
import { setTimeout as sleep } from 'node:timers/promises';
import { bearer, form, type Result, type Sent, send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import type { FastSigner } from '../support/many-signatures.ts';

export const REPOSITORY = 'registry.example.com/acme/app';
const UPLOAD_LANES = 4;
const FORM = 5;

export type Change =
  | { readonly kind: 'upload'; readonly bytes: Buffer; readonly digest: string; id: number | null }
  | { readonly kind: 'withdrawal'; readonly id: number; done: boolean }
  | { readonly kind: 'revocation'; readonly fingerprint: string; done: boolean }
  /** Known by its name, and when it was acknowledged by its secret, too. */
  | { readonly kind: 'token'; readonly name: string; secret: string | null }
  | { readonly kind: 'token revocation'; readonly id: string; readonly secret: string; done: boolean };

export const isDone = (change: Change) =>
  change.kind === 'upload' ? change.id !== null : change.kind === 'token' ? change.secret !== null : change.done;

export type Load = {
  readonly digests: readonly string[];
  /** Every change that was begun. */
  readonly changes: readonly Change[];
  /** Begun and not answered, now. */
  underWay(): number;
  /** Resolves with the first acknowledged upload. */
  readonly first: Promise<void>;
  /** To be told just before the server is killed; resolves when all clients have noticed. */
  stop(): Promise<void>;
};

type Server = { readonly url: string; readonly token: string };

/** `victims` are registered keys, to be revoked one after the other; `signer` stays. */
export function startLoad(server: Server, signer: FastSigner, victims: readonly FastSigner[]): Load {
  const digests = [randomDigest(), randomDigest(), randomDigest()];
  const changes: Change[] = [];
  let stopped = false;
  let underWay = 0;
  let first = () => {};
  const firstUpload = new Promise<void>((resolve) => {
    first = resolve;
  });

  /** The answer, or null when the server went away; throws for one that should not be. */
  async function ask(path: string, sent: Sent, expected: readonly number[]) {
    underWay++;
    try {
      const answer = await send(server.url, path, { ...sent, headers: { ...bearer(server.token), ...sent.headers } });
      if (!expected.includes(answer.status)) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
      return answer;
    } catch (error) {
      if (stopped && error instanceof Error && 'code' in error) return null;
      throw error;
    } finally {
      underWay--;
    }
  }

  const json = (method: string, body: object): Sent => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  async function upload(): Promise<void> {
    const by = Math.random() < 0.5 ? signer : (victims[Math.floor(Math.random() * victims.length)] ?? signer);
    const digest = digests[Math.floor(Math.random() * digests.length)] ?? '';
    const count = Math.random() < 0.3 ? FORM : 1;
    const parts = Array.from({ length: count }, () => ({
      bytes: by.sign(`${REPOSITORY}:v${Math.random()}`, digest),
    }));
    const begun = parts.map(({ bytes }) => ({ kind: 'upload' as const, bytes, digest, id: null as number | null }));
    changes.push(...begun);
    const body =
      count === 1
        ? { headers: { 'content-type': 'application/octet-stream' }, body: parts[0]?.bytes ?? '' }
        : form(parts);
    // 422: the key was revoked meanwhile. 409: the image is full.
    const answer = await ask('/api/v1/signatures', { method: 'POST', ...body }, [201, 409, 422]);
    for (const [index, result] of (answer?.json<{ results: Result[] }>().results ?? []).entries()) {
      const change = begun[index];
      if (!change) continue;
      if (result.status === 'stored') change.id = result.id;
      else changes.splice(changes.indexOf(change), 1); // refused: it must not be there, like anything not in this list
    }
    if (answer?.status === 201) first();
  }

  async function withdraw(): Promise<void> {
    const taken = new Set(changes.flatMap((change) => (change.kind === 'withdrawal' ? change.id : [])));
    const upload = changes.find((change) => change.kind === 'upload' && change.id !== null && !taken.has(change.id));
    if (upload?.kind !== 'upload' || upload.id === null) return void (await sleep(5));
    const change = { kind: 'withdrawal' as const, id: upload.id, done: false };
    changes.push(change);
    const answer = await ask(`/api/v1/signatures/${change.id}`, json('DELETE', { reason: 'fault' }), [204]);
    change.done = answer !== null;
  }

  async function token(): Promise<void> {
    const change = { kind: 'token' as const, name: `t${Math.random()}`, secret: null as string | null };
    changes.push(change);
    const made = await ask('/api/v1/tokens', json('POST', { name: change.name, permissions: ['read'] }), [201]);
    if (!made) return;
    const { id, secret } = made.json<{ id: string; secret: string }>();
    change.secret = secret;
    if (Math.random() < 0.5) return;
    const revocation = { kind: 'token revocation' as const, id, secret, done: false };
    changes.push(revocation);
    const answer = await ask(`/api/v1/tokens/${id}`, { method: 'DELETE' }, [204]);
    revocation.done = answer !== null;
  }

  async function revokeKeys(): Promise<void> {
    await firstUpload;
    for (const { fingerprint } of victims) {
      await sleep(Math.random() * 60);
      if (stopped) return;
      const change = { kind: 'revocation' as const, fingerprint, done: false };
      changes.push(change);
      const answer = await ask(`/api/v1/keys/${fingerprint}`, json('PATCH', { state: 'revoked', reason: 'x' }), [200]);
      change.done = answer !== null;
    }
  }

  async function lane(step: () => Promise<void>): Promise<void> {
    while (!stopped) await step();
  }
  const lanes = [...Array.from({ length: UPLOAD_LANES }, () => upload), withdraw, token].map(lane);
  const all = Promise.all([...lanes, revokeKeys()]);
  all.catch(() => first()); // whoever waits goes on, and is told by stop()

  return {
    digests,
    changes,
    underWay: () => underWay,
    first: firstUpload,
    async stop() {
      stopped = true;
      first();
      await all;
    },
  };
}
