// An attacker has a pipeline of their own at the same CI system, with a genuine ID token, and a name that looks like the
// trusted one's: the name that was given up, in other letters, with something before or behind it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Publisher } from '../../server/domain/publisher.ts';
import { oidcScene, secretOf } from '../http/oidc-scene.ts';
import { problemOf } from '../http/scene.ts';
import { needs } from '../support/tools.ts';

test('a look-alike of a trusted pipeline', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  const claims: Publisher['claims'] = {
    repository_id: '123',
    repository: 'acme/app',
    ref: 'refs/heads/release-*',
    job_workflow_ref: 'acme/app/.github/workflows/release.yml@refs/heads/**',
    ref_protected: 'true',
  };
  await store.trust({ claims });
  const genuine = {
    ref: 'refs/heads/release-1.2',
    job_workflow_ref: 'acme/app/.github/workflows/release.yml@refs/heads/release-1.2',
    ref_protected: true,
  };
  secretOf(await store.exchange(store.idToken(genuine)));
  const others: readonly (readonly [string, Record<string, unknown>])[] = [
    ['has the same name and another id', { repository_id: '1234' }],
    ['has an id that ends alike', { repository_id: '9123' }],
    ['has an id with a space', { repository_id: '123 ' }],
    ['has an id with a zero before it', { repository_id: '0123' }],
    ['has an id that is a list', { repository_id: ['123'] }],
    ['has an id that is an object', { repository_id: { toString: '123' } }],
    ['has an id that is a fraction', { repository_id: 123.5 }],
    ['has no id', { repository_id: undefined }],
    ['has no id but null', { repository_id: null }],
    ['has the name in capitals', { repository: 'Acme/App' }],
    ['has a Cyrillic letter in the name', { repository: 'аcme/app' }],
    ['has a wide letter in the name', { repository: 'ａcme/app' }],
    ['has a name with something behind it', { repository: 'acme/app-fork' }],
    ['has a name with something before it', { repository: 'evil-acme/app' }],
    ['has a name with a line behind it', { repository: 'acme/app\n' }],
    ['has a name with an invisible character', { repository: 'acme/app\u200b' }],
    ['runs for a branch with a slash more', { ref: 'refs/heads/release-1/evil' }],
    ['runs for a tag that ends alike', { ref: 'refs/tags/refs/heads/release-1' }],
    ['runs for a branch in other letters', { ref: 'refs/heads/Release-1' }],
    ['runs for a branch with a line before it', { ref: 'x\nrefs/heads/release-1' }],
    ['runs another workflow', { job_workflow_ref: 'acme/app/.github/workflows/releaseXyml@refs/heads/main' }],
    [
      'runs the workflow of another',
      { job_workflow_ref: 'evil/acme/app/.github/workflows/release.yml@refs/heads/main' },
    ],
    ['runs unprotected', { ref_protected: false }],
    ['runs unprotected, in a word that is not false', { ref_protected: 'True' }],
  ];
  for (const [what, changes] of others)
    await t.test(`that ${what} gets nothing`, async () => {
      problemOf(await store.exchange(store.idToken({ ...genuine, ...changes })), 403, 'PUBLISHER_UNMATCHED');
    });
  await t.test('with an id that is a number is the same, as some issuers write it', async () => {
    secretOf(await store.exchange(store.idToken({ ...genuine, repository_id: 123 })));
  });
  await t.test('learns nothing of what it should look like', async () => {
    const { detail } = problemOf(
      await store.exchange(store.idToken({ ...genuine, repository_id: '666', sub: 'x' })),
      403,
      'PUBLISHER_UNMATCHED',
    );
    assert.doesNotMatch(detail, /release|123"|acme\/app/);
  });
  await t.test('cannot have pipelines trusted by name alone', async () => {
    const named = [
      { repository: 'acme/app' },
      { repository: 'acme/app', ref: 'refs/heads/main' },
      { sub: 'repo:acme/app:ref:refs/heads/main' },
      { repository_id: '12*' },
      { repository_id: '*' },
      {},
    ];
    for (const bound of named)
      await assert.rejects(store.trust({ name: 'named', claims: bound as unknown as Publisher['claims'] }), {
        code: 'PUBLISHER_INVALID',
      });
  });
});
