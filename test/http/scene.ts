// What most request scripts begin with: a server that knows the keys of the corpus, and ways to upload to it.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { CORPUS_DIGEST_HEX, fixture, type TestServer, testServer } from '../support/server.ts';
import { type Answer, bearer, form, type Part, type Problem, type Result, send } from './wire.ts';

/** The image that the corpus signs, and the way it is written in paths. */
export const REPOSITORY = 'registry.example.com/acme/app';
export const DIGEST = `sha256:${CORPUS_DIGEST_HEX}`;
export const IMAGE = `${REPOSITORY}@sha256=${CORPUS_DIGEST_HEX}`;

export function signature(name: string): Buffer {
  return fixture(`signatures/${name}.sig`);
}

export type Scene = TestServer & {
  /** A token with every permission and every scope. */
  readonly token: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  upload(...parts: readonly Part[]): Promise<Answer>;
  /** One signature as a raw body, with its target when one is given. */
  uploadRaw(bytes: Uint8Array, target?: string): Promise<Answer>;
};

export async function scene(t: Pick<TestContext, 'after'>, settings: Environment = {}): Promise<Scene> {
  return sceneOf(await testServer(t, settings));
}

export async function sceneOf(server: TestServer): Promise<Scene> {
  await server.registerKeys('rsa2048', 'rsa4096', 'ed25519', 'ecdsa-p256');
  const token = await server.createToken(['upload', 'withdraw', 'read', 'admin']);
  return {
    ...server,
    token,
    get: (path, headers = {}) => send(server.url, path, { headers }),
    upload(...parts) {
      const { headers, body } = form(parts);
      return send(server.url, '/api/v1/signatures', {
        method: 'POST',
        headers: { ...headers, ...bearer(token) },
        body,
      });
    },
    uploadRaw(bytes, target) {
      const query = target === undefined ? '' : `?target=${encodeURIComponent(target)}`;
      const headers = { 'content-type': 'application/octet-stream', ...bearer(token) };
      return send(server.url, `/api/v1/signatures${query}`, { method: 'POST', headers, body: bytes });
    },
  };
}

export function results(answer: Answer): readonly Result[] {
  return answer.json<{ results: readonly Result[] }>().results;
}

/** Steps that prepare a test: the signatures are stored, in this order. */
export async function stored(scene: Scene, ...names: readonly string[]): Promise<readonly Result[]> {
  const answer = await scene.upload(...names.map((name) => ({ bytes: signature(name) })));
  assert.equal(answer.status, 201, answer.text);
  return results(answer);
}

/** The answer is this refusal, in the shape of RFC 9457, and says nothing about the inside of the program. */
export function problemOf(answer: Answer, status: number, code: string): Problem {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
  assert.equal(answer.headers['cache-control'], 'no-store');
  const problem = answer.json<Problem>();
  assert.equal(problem.code, code, problem.detail);
  assert.equal(problem.status, status);
  assert.equal(problem.type, `urn:lookaside:error:${code}`);
  assert.ok(problem.title.length > 0 && problem.detail.length > 0);
  assert.doesNotMatch(answer.text, /\bat .*\.(?:ts|js):\d+|node_modules|node:internal/, 'a stack trace');
  return problem;
}

export function assertProblem(answer: Answer, status: number, code: string): void {
  problemOf(answer, status, code);
}
