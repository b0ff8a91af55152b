// What a publisher may be bound to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { adviceOn, claimText, type PublisherDraft, requirePublisher } from '../../server/domain/publisher.ts';
import { parseScope } from '../../server/domain/scope.ts';

const GITHUB: PublisherDraft = {
  name: 'releases',
  kind: 'github',
  issuer: 'https://token.actions.githubusercontent.com',
  claims: { repository_id: '123', ref: 'refs/heads/main' },
  scopes: [parseScope('quay.io/acme')],
  keys: [parseFingerprint('A'.repeat(40))],
};
const CLUSTER: PublisherDraft = {
  ...GITHUB,
  kind: 'kubernetes',
  issuer: 'https://kubernetes.default.svc.cluster.local',
  claims: { sub: 'system:serviceaccount:ci:signer' },
};

test('a publisher', async (t) => {
  const taken: readonly (readonly [string, PublisherDraft])[] = [
    ['of GitHub, by repository', GITHUB],
    ['of GitHub, by owner', { ...GITHUB, claims: { repository_owner_id: '9', job_workflow_ref: 'acme/ci/**' } }],
    ['of a GitHub of their own', { ...GITHUB, issuer: 'https://github.acme.example/_services/token' }],
    ['of GitLab', { ...GITHUB, kind: 'gitlab', issuer: 'https://gitlab.com', claims: { project_id: '4' } }],
    ['of a cluster', CLUSTER],
    ['of a cluster, by the id of the account', { ...CLUSTER, claims: { 'kubernetes.io/serviceaccount/uid': 'a-b' } }],
    ['of another issuer', { ...CLUSTER, kind: 'other', claims: { sub: 'pipeline-7' } }],
  ];
  for (const [what, draft] of taken) await t.test(`is taken ${what}`, () => requirePublisher(draft));

  const refused: readonly (readonly [string, Partial<PublisherDraft>, RegExp])[] = [
    ['by a name alone', { claims: { repository: 'acme/app' } }, /bind repository_id or repository_owner_id/],
    ['by the subject of GitHub, which is a name', { claims: { sub: 'repo:acme/app:ref:x' } }, /bind repository_id/],
    ['by a pattern of ids', { claims: { repository_id: '12*' } }, /exact value/],
    [
      'by one exact id and one that is a pattern',
      { claims: { repository_id: '1', repository_owner_id: '*' } },
      /exact/,
    ],
    ['of GitHub as of another kind', { kind: 'other', claims: { sub: 'x' } }, /of the kind github/],
    [
      'of a GitHub of their own as of another kind',
      { kind: 'other', issuer: 'https://ghe.example', claims: { sub: 'repo:a/b:ref:x' } },
      /kind github/,
    ],
    [
      'of GitLab as of another kind',
      { kind: 'other', issuer: 'https://gl.example', claims: { sub: 'project_path:a/b' } },
      /kind gitlab/,
    ],
    ['of a cluster by something else', { ...CLUSTER, claims: { sub: 'system:serviceaccount:ci' } }, /NAMESPACE:NAME/],
    ['of a cluster by a pattern', { ...CLUSTER, claims: { sub: 'system:serviceaccount:ci:*' } }, /exact/],
    ['without claims', { claims: {} }, /bind/],
    ['without scopes', { scopes: [] }, /scope/],
    ['without keys', { keys: [] }, /key/],
    ['without a name', { name: ' ' }, /name/],
    ['by its audience', { claims: { repository_id: '1', aud: 'x' } }, /checked in any case/],
    ['by a claim that is no name', { claims: { repository_id: '1', 'a b': 'x' } }, /not the name/],
    ['by a value that cannot be seen', { claims: { repository_id: '123\u200b' } }, /cannot be seen/],
    ['by a value with a space around it', { claims: { repository_id: ' 123' } }, /cannot be seen/],
    ['by an empty value', { claims: { repository_id: '1', ref: '' } }, /missing/],
    ...[
      'http://gitlab.com',
      'gitlab.com',
      '',
      'https://a@b.example',
      'https://b.example/?x',
      'https://b.example/#',
      'https://B.example',
      'https://2130706433',
      'https://b.example:443',
      'https://b.example/a/../b',
      ' https://b.example',
    ].map((issuer) => [`of the issuer ${JSON.stringify(issuer)}`, { issuer }, /issuer is/] as const),
  ];
  for (const [what, changes, message] of refused)
    await t.test(`is refused ${what}`, () =>
      assert.throws(() => requirePublisher({ ...GITHUB, ...changes }), { name: 'AppError', message }),
    );
  await t.test('is told when every branch could publish', () => {
    assert.match(
      adviceOn({ ...GITHUB, claims: { repository_id: '123' } }) ?? '',
      /every pipeline with this repository_id/,
    );
    for (const draft of [GITHUB, CLUSTER]) assert.equal(adviceOn(draft), null);
  });
});

test('the text of a claim', async (t) => {
  const claims = { a: 'x', b: { c: 'y' }, 'b/c': 'z', n: 7, yes: true, list: ['x'], none: null, half: 0.5 };
  for (const [name, text] of [
    ['a', 'x'],
    ['b/c', 'z'],
    ['n', '7'],
    ['yes', 'true'],
    ['list', null],
    ['list/0', null],
    ['none', null],
    ['half', null],
    ['b', null],
    ['constructor', null],
    ['__proto__', null],
    ['a/length', null],
    ['b/toString/name', null],
  ] as const)
    await t.test(`${name} is ${text}`, () => assert.equal(claimText(claims, name), text));
  await t.test('is found within others', () =>
    assert.equal(claimText({ 'kubernetes.io': { pod: { name: 'p' } } }, 'kubernetes.io/pod/name'), 'p'),
  );
});
