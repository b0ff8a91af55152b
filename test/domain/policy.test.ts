// policy.json, read and looked up as containers/image does. That the answers are skopeo's is test/clients/verdict-skopeo.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyPathsOf, parsePolicy, sectionFor } from '../../server/domain/policy/policy.ts';
import { parsePullReference } from '../../server/domain/policy/pull-reference.ts';

const REJECT = [{ type: 'reject' }];
const ANYTHING = [{ type: 'insecureAcceptAnything' }];
const signedBy = (extra: object = {}) => ({ type: 'signedBy', keyType: 'GPGKeys', keyPath: '/key.gpg', ...extra });
const withDefault = (...requirements: unknown[]) => JSON.stringify({ default: requirements });
const DIGEST = `sha256:${'a'.repeat(64)}`;

const INVALID: readonly (readonly [why: string, text: string, says: RegExp])[] = [
  ['no JSON', 'default: reject', /not strict JSON/],
  ['text behind it', `${withDefault(...REJECT)} {}`, /unexpected text/],
  ['a byte order mark', `\ufeff${withDefault(...REJECT)}`, /not strict JSON/],
  ['an array', '[]', /must be an object/],
  ['no default', '{"transports":{}}', /default: is missing/],
  ['an empty default', '{"default":[]}', /default: must have at least one/],
  ['null for a default', '{"default":null}', /default: must be an array/],
  ['a comment', JSON.stringify({ default: REJECT, comment: '' }), /unknown member "comment"/],
  ['a member twice', '{"default":[{"type":"reject"}],"default":[{"type":"reject"}]}', /duplicate member "default"/],
  ['another case', '{"Default":[{"type":"reject"}]}', /unknown member "Default"/],
  ['transports that are none', JSON.stringify({ default: REJECT, transports: null }), /transports: must be an object/],
  ['an empty scope list', JSON.stringify({ default: REJECT, transports: { docker: { a: [] } } }), /docker\["a"\]/],
  ['a mistake in another transport', JSON.stringify({ default: REJECT, transports: { dir: { '': [{}] } } }), /\.dir/],
  ['an unknown type', withDefault({ type: 'accept' }), /"accept" is not a type of requirement/],
  ['more than a type', withDefault({ type: 'reject', why: '' }), /unknown member "why"/],
  ['no key', withDefault({ type: 'signedBy', keyType: 'GPGKeys' }), /exactly one of keyPath, keyPaths and keyData/],
  ['two keys', withDefault(signedBy({ keyData: '' })), /exactly one of keyPath/],
  ['no keyType', withDefault({ type: 'signedBy', keyPath: '/k' }), /keyType: must be a string/],
  ['an unknown keyType', withDefault(signedBy({ keyType: 'gpg' })), /keyType "gpg"/],
  ['an empty keyPath', withDefault(signedBy({ keyPath: '' })), /keyPath: must not be empty/],
  ['keyData that is no base64', withDefault({ type: 'signedBy', keyType: 'GPGKeys', keyData: 'a-b_' }), /not base64/],
  ['keyData without padding', withDefault({ type: 'signedBy', keyType: 'GPGKeys', keyData: 'YWI' }), /not base64/],
  ['null for an identity', withDefault(signedBy({ signedIdentity: null })), /signedIdentity: must be an object/],
  ['an unknown identity', withDefault(signedBy({ signedIdentity: { type: 'any' } })), /"any" is not a kind/],
  [
    'a parameter too many',
    withDefault(signedBy({ signedIdentity: { type: 'matchExact', prefix: 'a' } })),
    /unknown member/,
  ],
  [
    'an exactReference without a tag',
    withDefault(signedBy({ signedIdentity: { type: 'exactReference', dockerReference: 'quay.io/a' } })),
    /with a tag or digest/,
  ],
  [
    'a remapIdentity of a tag',
    withDefault(signedBy({ signedIdentity: { type: 'remapIdentity', prefix: 'a.b/c:v1', signedPrefix: 'a.b' } })),
    /prefix "a\.b\/c:v1"/,
  ],
  [
    'two sigstore keys',
    withDefault({ type: 'sigstoreSigned', keyPath: 'a', keyData: 'YWJj' }),
    /exactly one of keyPath/,
  ],
];

test('a policy is refused', async (t) => {
  for (const [why, text, says] of INVALID)
    await t.test(`with ${why}`, () =>
      assert.throws(() => parsePolicy(text), { code: 'POLICY_INVALID', message: says }),
    );
});

test('a policy is read', async (t) => {
  const valid: readonly (readonly [string, unknown])[] = [
    ['of one default', { default: ANYTHING }],
    ['with a transport nobody knows', { default: REJECT, transports: { future: { '': REJECT } } }],
    ['with every kind of key', { default: [signedBy(), { type: 'signedBy', keyType: 'GPGKeys', keyPaths: [] }] }],
    ['with broken lines in keyData', { default: [{ type: 'signedBy', keyType: 'GPGKeys', keyData: 'YWJj\nYWI=\n' }] }],
    [
      'with sigstore',
      { default: [{ type: 'sigstoreSigned', keyData: 'YWJj', signedIdentity: { type: 'matchExact' } }] },
    ],
    ['with a base layer', { default: [{ type: 'signedBaseLayer', baseLayerIdentity: { type: 'matchRepository' } }] }],
  ];
  for (const [what, policy] of valid) await t.test(what, () => void parsePolicy(JSON.stringify(policy)));
});

test('the most specific scope alone counts', async (t) => {
  const places = [
    'quay.io:8443/acme/app:v1',
    `quay.io:8443/acme/app@${DIGEST}`,
    'quay.io:8443/acme/app',
    'quay.io:8443/acme',
    'quay.io:8443',
    '*.io',
    '',
  ];
  // A host without its port, half a component and the wildcard of a port say nothing about it.
  const strangers = [
    'quay.io',
    'quay.io/acme',
    'quay.io:8443/ac',
    '*.io:8443',
    '*.quay.io',
    'quay.io:8443/acme/app:v2',
  ];
  for (const [index, place] of places.entries())
    await t.test(place === '' ? 'the default of docker' : place, () => {
      const docker = Object.fromEntries([
        ...strangers.map((scope) => [scope, ANYTHING]),
        ...places.slice(index).map((scope) => [scope, scope === place ? REJECT : ANYTHING]),
      ]);
      const policy = parsePolicy(JSON.stringify({ default: ANYTHING, transports: { docker } }));
      const pulled = place.includes('@') ? `quay.io:8443/acme/app@${DIGEST}` : 'quay.io:8443/acme/app:v1';
      const { scope, requirements } = sectionFor(policy, parsePullReference(pulled));
      assert.deepEqual([scope, requirements], [place, REJECT]);
    });
  await t.test('and behind them all the default', () => {
    const policy = parsePolicy(JSON.stringify({ default: REJECT, transports: { atomic: { '': ANYTHING } } }));
    assert.deepEqual(sectionFor(policy, parsePullReference('busybox')), { scope: null, requirements: REJECT });
  });
  await t.test('with the names runtimes complete', () => {
    const docker = { 'docker.io/library/busybox:latest': REJECT };
    const policy = parsePolicy(JSON.stringify({ default: ANYTHING, transports: { docker } }));
    assert.deepEqual(sectionFor(policy, parsePullReference('busybox')).requirements, REJECT);
  });
});

test('the key files of a section are named once', () => {
  const two = { type: 'signedBy', keyType: 'GPGKeys', keyPaths: ['/key.gpg', '/other.gpg'] };
  const policy = parsePolicy(withDefault(signedBy(), two));
  assert.deepEqual(keyPathsOf(sectionFor(policy, parsePullReference('busybox'))), ['/key.gpg', '/other.gpg']);
});

test('what is pulled', async (t) => {
  for (const [given, text] of [
    ['busybox', 'docker.io/library/busybox:latest'],
    ['docker://quay.io/acme/app:v1', 'quay.io/acme/app:v1'],
    [`quay.io/acme/app:v1@${DIGEST}`, `quay.io/acme/app@${DIGEST}`],
  ] as const)
    await t.test(`${given.slice(0, 40)} is written in full`, () =>
      assert.equal(parsePullReference(given).reference.text, text),
    );
  for (const given of ['', 'Quay.io/ACME', 'quay.io/acme/app:', 'oci:/tmp/x', 'a'.repeat(300)])
    await t.test(`is not ${given.slice(0, 20)}`, () =>
      assert.throws(() => parsePullReference(given), { code: 'REPOSITORY_INVALID' }),
    );
});
