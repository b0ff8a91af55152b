// Configuration of clients over the API: who may ask, what is refused, what is never said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONFIG_KINDS, WISHES_OF } from '../../server/domain/client-config.ts';
import { assertProblem, DIGEST, problemOf, REPOSITORY, scene, stored } from './scene.ts';
import { bearer, send } from './wire.ts';

test('POST /api/v1/config', async (t) => {
  const store = await scene(t, { LOOKASIDE_PUBLIC_URL: 'https://sigs.example.com/store/' });
  await stored(store, 'rsa2048');
  const ask = (body: object, token = store.token) =>
    send(store.url, '/api/v1/config', {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    });
  type Files = { files: { path: string; content: string; mode: number }[]; notes: string[] };
  const needed: Record<string, object> = {
    'signature-stores': { releases: ['registry.example.com'] },
    'signature-configmaps': { images: [`${REPOSITORY}@${DIGEST}`] },
    'crio-namespaces': { namespaces: ['team-a'] },
  };

  await t.test('makes every kind, with the public URL and the registries of stored signatures', async () => {
    for (const kind of CONFIG_KINDS) {
      const answer = await ask({ kind, ...needed[kind] });
      assert.equal(answer.status, 200, `${kind}: ${answer.text}`);
      const { files } = answer.json<Files>();
      assert.ok(files.length > 0 && files.every(({ content, path }) => content.endsWith('\n') && path !== ''), kind);
      if (WISHES_OF[kind].includes('url') && kind !== 'machine-config')
        assert.match(files[0]?.content ?? '', /https:\/\/sigs\.example\.com\/store\/registry\.example\.com/, kind);
    }
  });

  await t.test('refuses a wish that the kind has no use for, and values that are none', async () => {
    const { detail } = problemOf(await ask({ kind: 'policy', roles: ['worker'] }), 400, 'REQUEST_INVALID');
    assert.match(detail, /policy has no use for roles; it takes scopes, identity/);
    for (const body of [
      {},
      { kind: 'registries' },
      { kind: 'policy', unknown: true },
      { kind: 'policy', identity: 'exactRepository' },
      { kind: 'policy', identity: 'remapIdentity=a=b' },
      { kind: 'policy', mirrors: ['*.example.com=quay.io'] },
      { kind: 'policy', existing: '{"default": [], "default": []}' },
      { kind: 'policy', existing: '[]' },
      { kind: 'policy', existing: '{"default": [], "transports": {"docker": []}}' },
      { kind: 'registries.d', url: 'https://user:secret@sigs.example.com' },
      { kind: 'registries.d', url: 'file:///etc' },
      { kind: 'registries.d', url: 'https://sigs.example.com/\n  evil.example.com:' },
      { kind: 'registries.d', registries: ['quay.io\n  evil:'] },
      { kind: 'crio-namespaces', namespaces: ['../../etc/cron.d/x'] },
      { kind: 'crio-namespaces' },
      { kind: 'portieris', namespace: 'A' },
      { kind: 'signature-configmaps', images: [REPOSITORY] },
    ]) {
      const answer = await ask(body);
      assert.equal(answer.status, 400, `${JSON.stringify(body)}: ${answer.text}`);
    }
  });

  await t.test('is for admins and viewers, and for tokens of everything', async () => {
    const token = (...parameters: Parameters<typeof store.createToken>) => store.createToken(...parameters);
    assertProblem(await ask({ kind: 'policy' }, await token(['upload', 'read'])), 403, 'PERMISSION_MISSING');
    const scoped = await token(['admin'], ['registry.example.com']);
    assertProblem(await ask({ kind: 'policy' }, scoped), 403, 'TOKEN_SCOPE');
    assert.equal((await ask({ kind: 'policy' }, await token(['admin']))).status, 200);
    assert.equal((await send(store.url, '/api/v1/config', { method: 'POST' })).status, 401);
  });

  await t.test('percent-encodes nothing that a token has, and repeats it in no refusal', async () => {
    const readToken = `lks_${'a.b~c-d_'.repeat(4)}`;
    const { files } = (await ask({ kind: 'registries.d', readToken })).json<Files>();
    assert.ok(files[0]?.content.includes(`https://lookaside:${readToken}@sigs.example.com/store/registry.example.com`));
    assert.equal(files[0]?.mode, 0o600);
    const refused = await ask({ kind: 'policy', readToken });
    assert.equal(refused.status, 400);
    assert.doesNotMatch(refused.text, /lks_/);
    const malformed = await ask({ kind: 'registries.d', readToken: `${readToken}\n` });
    assert.equal(malformed.status, 400);
    assert.doesNotMatch(malformed.text, /lks_/);
  });
});

test('a store without keys and signatures says what is missing', async (t) => {
  const { testServer } = await import('../support/server.ts');
  const server = await testServer(t);
  const token = await server.createToken(['admin']);
  for (const [kind, missing] of [
    ['policy', /no key is registered yet/],
    ['registries.d', /knows no registry yet/],
  ] as const) {
    const answer = await send(server.url, '/api/v1/config', {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ kind })),
    });
    assert.match(problemOf(answer, 400, 'REQUEST_INVALID').detail, missing);
  }
});
