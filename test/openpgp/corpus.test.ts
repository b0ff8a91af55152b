// Every vector of the corpus, by a running server and by the skopeo of this machine. What the server would accept
// and skopeo refuses is a signature that stops pulls, so that direction has no exceptions but one, which is named.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { ALL, FIXTURES, fixture, LOCAL, type TestServer, testServer, testStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { APART, CORPUS, CORPUS_KEYS, refusedForItsSubkey, targetOf, type Vector } from './corpus.ts';

const PER_REQUEST = 100;

test('registering a key file of the corpus', async (t) => {
  for (const { name, expect, state } of CORPUS_KEYS)
    await t.test(`answers ${name} with ${state ?? expect}`, async (t) => {
      const { local, registerKeys } = await testStore(t);
      if (state === null) return assert.rejects(registerKeys(name), { code: expect });
      await registerKeys(name);
      for (const key of (await local.keys.list({}, ALL, LOCAL)).items) assert.equal(key.state.state, state);
    });
});

test('the server', async (t) => {
  const registered = CORPUS_KEYS.filter(({ name, state }) => state !== null && !APART.has(name)).map((key) => key.name);
  const together = CORPUS.filter(({ keys }) => !keys.some((key) => APART.has(key)));
  await judge(t, registered, together);
  for (const vector of CORPUS) if (!together.includes(vector)) await judge(t, vector.keys, [vector]);
});

/** One subtest per vector, on a server that knows these keys. */
async function judge(t: TestContext, keys: readonly string[], vectors: readonly Vector[]): Promise<void> {
  const server = await testServer(t);
  await server.registerKeys(...keys);
  const verdicts = await verify(server, vectors);
  assert.equal(verdicts.length, vectors.length);
  for (const [index, vector] of vectors.entries())
    await t.test(`says ${vector.expect} to ${vector.name}: ${vector.what}`, () => {
      const { status, problem } = verdicts[index] ?? {};
      assert.equal(status === 'acceptable' ? 'accepted' : problem?.code, vector.expect, problem?.detail);
    });
}

type VerdictView = { readonly status: string; readonly problem?: { readonly code: string; readonly detail?: string } };

/** As a pipeline asks: multipart, the target of each part as its file name. */
async function verify(server: TestServer, vectors: readonly Vector[]): Promise<VerdictView[]> {
  const headers = { authorization: `Bearer ${await server.createToken(['upload'], [''])}` };
  const verdicts: VerdictView[] = [];
  for (let start = 0; start < vectors.length; start += PER_REQUEST) {
    const body = new FormData();
    for (const vector of vectors.slice(start, start + PER_REQUEST))
      body.append('signature', new Blob([new Uint8Array(fixture(vector.file))]), targetOf(vector));
    const answer = await fetch(`${server.url}/api/v1/verify`, { method: 'POST', headers, body });
    assert.equal(answer.status, 200);
    verdicts.push(...((await answer.json()) as { results: VerdictView[] }).results);
  }
  return verdicts;
}

test('the skopeo of this machine', needs('skopeo', 'python3'), async (t) => {
  const answers = await askSkopeo(t);
  for (const vector of CORPUS)
    await t.test(`has ${vector.skopeo} ${vector.name}`, () => {
      const answer = answers.get(vector.name);
      // Later ones map the subkey to its primary key, and accept.
      if (refusedForItsSubkey(vector) && answer?.skopeo === 'accepted') return;
      assert.equal(answer?.skopeo, vector.skopeo, answer?.skopeoSays);
    });
  await t.test('accepts whatever the server accepts, unless a subkey signed', () => {
    const laxer = CORPUS.filter(
      ({ name, expect }) => expect === 'accepted' && answers.get(name)?.skopeo !== 'accepted',
    );
    for (const vector of laxer) assert.ok(refusedForItsSubkey(vector), vector.name);
  });
});

/** generator/oracle.py, on the vectors as they are stored. */
async function askSkopeo(t: TestContext): Promise<Map<string, Vector>> {
  const work = tempDir(t);
  for (const made of ['manifests', 'blobs']) mkdirSync(join(work, made));
  for (const kept of ['keys', 'signatures']) symlinkSync(join(FIXTURES, kept), join(work, kept));
  writeFileSync(join(work, 'vectors.jsonl'), CORPUS.map((vector) => `${JSON.stringify(vector)}\n`).join(''));
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC', PYTHONDONTWRITEBYTECODE: '1' };
  for (const step of ['manifests.py', 'oracle.py'])
    await promisify(execFile)('python3', [join(FIXTURES, 'generator', step), work], { env });
  const answers = JSON.parse(readFileSync(join(work, 'answers.json'), 'utf8')) as Vector[];
  return new Map(answers.map((answer) => [answer.name, answer]));
}
