// The rules of generated configuration that clients cannot show: merging, mirrors' bases, YAML, what is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseIdentity, parseMirror, type Wishes } from '../../server/domain/client-config.ts';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import type { Scope } from '../../server/domain/scope.ts';
import { keyFiles, policyOf } from '../../server/services/client-config/policy.ts';
import { mergePolicy } from '../../server/services/client-config/policy-merge.ts';
import { portierisOf } from '../../server/services/client-config/portieris.ts';
import { mirrorBase, placesOf, withCredentials } from '../../server/services/client-config/registries-d.ts';
import { entriesOf, type KnownKey } from '../../server/services/client-config/trust.ts';
import { type Yaml, yamlText } from '../../server/services/client-config/yaml-text.ts';
import { LOCAL, testStore } from '../support/server.ts';

const ANYTHING = [{ type: 'insecureAcceptAnything' }];
const SIGNED = [{ type: 'signedBy', keyType: 'GPGKeys', keyData: 'AAAA' }];

/** Ours has one entry, for quay.io/acme. */
function merged(existing: object, replace = false) {
  const ours = { default: [{ type: 'reject' }], transports: { docker: { 'quay.io/acme': SIGNED } } };
  const { policy, notes } = mergePolicy(JSON.stringify(existing), ours, replace);
  return { policy: policy as { default: unknown; transports: { docker: Record<string, unknown> } }, notes };
}

test('merging a policy', async (t) => {
  await t.test('keeps what is there, members that nobody here knows included', () => {
    const existing = {
      default: [{ type: 'reject' }],
      comment: { 'not ours': [1, 'two', null] },
      transports: {
        'docker-daemon': { '': ANYTHING },
        docker: { 'registry.redhat.io': [{ type: 'sigstoreSigned', keyPath: '/x', future: true }] },
      },
    };
    const { policy, notes } = merged(existing);
    const { docker } = policy.transports;
    assert.deepEqual(docker['quay.io/acme'], SIGNED);
    delete docker['quay.io/acme'];
    assert.deepEqual(policy, JSON.parse(JSON.stringify(existing)));
    assert.deepEqual(notes, []);
  });

  await t.test('does what is missing, and nothing when it is done again', () => {
    const { policy } = merged({ default: [{ type: 'reject' }] });
    assert.deepEqual(policy, { default: [{ type: 'reject' }], transports: { docker: { 'quay.io/acme': SIGNED } } });
    assert.deepEqual(merged(policy), { policy, notes: [] });
  });

  const other = [{ type: 'signedBy', keyType: 'GPGKeys', keyPath: '/other' }];
  const kept: readonly [what: string, existing: object, note: RegExp][] = [
    [
      'the entry of the same scope',
      { docker: { 'quay.io/acme': other } },
      /quay\.io\/acme: the existing entry \(signedBy\) differs/,
    ],
    [
      'an entry above it that demands something',
      { docker: { 'quay.io': other } },
      /the existing entry "quay\.io" \(signedBy\) counts there/,
    ],
    [
      'an entry above it that refuses everything',
      { docker: { 'quay.io': [{ type: 'reject' }] } },
      /\(reject\) counts there/,
    ],
    [
      'a default of the transport that demands something',
      { docker: { '': other } },
      /existing default \(signedBy\) counts there/,
    ],
  ];
  for (const [what, transports, note] of kept)
    await t.test(`leaves ${what}, and says so, unless told to replace`, () => {
      const existing = { default: [{ type: 'reject' }], transports };
      const { policy, notes } = merged(existing);
      assert.deepEqual(policy, existing);
      assert.match(notes.join('\n'), note);
      assert.match(notes.join('\n'), /it was left as it is$/);
      const replaced = merged(existing, true);
      assert.deepEqual(replaced.policy.transports.docker['quay.io/acme'], SIGNED);
      assert.match(replaced.notes.join('\n'), /it was replaced$/);
    });

  await t.test('makes exceptions from what accepts or refuses everything in general', () => {
    for (const docker of [{}, { '': [{ type: 'reject' }] }, { '': ANYTHING }, { 'quay.io': ANYTHING }])
      assert.deepEqual(
        merged({ default: [{ type: 'reject' }], transports: { docker } }).policy.transports.docker['quay.io/acme'],
        SIGNED,
      );
  });

  await t.test('says what accepts anything still, and that the default stays', () => {
    const { policy, notes } = merged({ default: ANYTHING, transports: { docker: { 'quay.io/acme/open': ANYTHING } } });
    assert.deepEqual(policy.default, ANYTHING);
    assert.deepEqual(notes, [
      '"default" stays as it is: insecureAcceptAnything',
      'quay.io/acme/open: the existing entry accepts anything, and stays',
    ]);
  });

  await t.test('refuses what a client would not read as it does', () => {
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{"default":[],"default":[]}',
      '{"name":"no policy"}',
      '{"default":[],"transports":[]}',
      '{"default":[],"transports":{"docker":1}}',
    ])
      assert.throws(() => mergePolicy(text, { default: [], transports: {} }, true), { code: 'REQUEST_INVALID' }, text);
  });
});

test('entries of a policy', async (t) => {
  const store = await testStore(t);
  await store.registerKeys('rsa2048', 'ed25519');
  const { items } = await store.local.keys.list({}, { limit: 10, after: null }, LOCAL);
  const [one, two] = items as readonly KnownKey[] as [KnownKey, KnownKey];
  const scoped = (key: KnownKey, ...scopes: string[]): KnownKey => ({ ...key, scopes: scopes as Scope[] });
  const shape = (keys: readonly KnownKey[]) =>
    Object.fromEntries(entriesOf(keys).map(({ scope, keys }) => [scope, keys.length]));

  await t.test('hold the keys of wildcards and of everything in what these cover', () => {
    assert.deepEqual(
      shape([scoped(one, '*.example.com'), scoped(two, 'a.example.com:5000/acme', '*.b.example.com', 'example.com')]),
      {
        '*.b.example.com': 2,
        '*.example.com': 1,
        'a.example.com:5000/acme': 2,
        'example.com': 1,
      },
    );
    assert.deepEqual(shape([scoped(one, ''), scoped(two, 'quay.io')]), { '': 1, 'quay.io': 2 });
  });

  await t.test('name each keyring with a file of its own', async () => {
    const scopes = [
      '',
      '*.example.com',
      'any.example.com',
      'a.io',
      'a.io/b',
      'a.io/b_c',
      'a.io/b/c',
      'a.io:1/b',
      'every.io',
    ];
    const files = await keyFiles(entriesOf([scoped(one, ...scopes)]), 'path', async () => 'armor');
    assert.equal(new Set(files.map(({ path }) => path)).size, scopes.length);
    for (const { path } of files) assert.match(path, /^\/etc\/pki\/containers\/[^/]+\.asc$/);
  });

  await t.test('are refused when they hold more keys than any client reads', async () => {
    const wide = Array.from({ length: 100 }, (_, index) => `scope-${index}.example.com` as Scope);
    const namespaces = Array.from({ length: 100 }, (_, index) => ({ namespace: `n${index}`, scopes: wide }));
    await assert.rejects(store.local.clientConfig.generate('crio-namespaces', { namespaces }, LOCAL), {
      code: 'REQUEST_INVALID',
      message: /more than a client reads/,
    });
  });

  await t.test('say that a key has expired, is retired, or counts no more', async () => {
    await store.registerKeys('expired');
    const { items: all } = await store.local.keys.list({}, { limit: 10, after: null }, LOCAL);
    const expired = all.find(({ expiresAt }) => expiresAt !== null && expiresAt < Date.now());
    await store.local.keys.change(one.fingerprint, { scopes: ['quay.io' as Scope], state: 'retired' }, LOCAL);
    await store.local.keys.change(two.fingerprint, { scopes: ['docker.io' as Scope] }, LOCAL);
    await store.local.keys.change(two.fingerprint, { state: 'revoked', reason: 'test' }, LOCAL);
    await store.local.keys.change(expired?.fingerprint ?? one.fingerprint, { scopes: ['quay.io' as Scope] }, LOCAL);
    const generate = (wishes: Wishes) => store.local.clientConfig.generate('policy', wishes, LOCAL);
    const { files, notes } = await generate({ identity: parseIdentity('matchExact') });
    assert.match(notes.join('\n'), new RegExp(`key ${expired?.fingerprint} expired on `));
    assert.match(notes.join('\n'), new RegExp(`key ${one.fingerprint} is retired`));
    assert.match(notes.join('\n'), /docker\.io: no key counts there, so nothing is accepted/);
    const { docker } = JSON.parse(files[0]?.content ?? '').transports;
    assert.deepEqual(docker['docker.io'], [{ type: 'reject' }]);
    assert.deepEqual(docker['quay.io'][0].signedIdentity, { type: 'matchExact' });
  });
});

test('a policy of Portieris', async (t) => {
  const store = await testStore(t);
  await store.registerKeys('rsa2048', 'ed25519');
  const { items } = await store.local.keys.list({}, { limit: 10, after: null }, LOCAL);
  const alike = items.map((key, index) => ({
    ...key,
    fingerprint: parseFingerprint(`${index}`.repeat(24) + 'A'.repeat(16)),
    scopes: [`r${index}.example.com` as Scope],
  }));

  await t.test('has a Secret for each key, also where their ids are the same', async () => {
    const { content } = await portierisOf({
      url: 'https://sigs.example.com',
      entries: entriesOf(alike),
      places: [],
      identity: undefined,
      credentialsFor: () => null,
      namespace: null,
      armor: async (material) => Buffer.from(material).toString('hex'),
    });
    const secrets = content
      .split('---\n')
      .map((text) => parse(text))
      .filter(({ kind }) => kind === 'Secret');
    assert.equal(new Set(secrets.map(({ metadata }) => metadata.name)).size, 2);
    assert.equal(new Set(secrets.map(({ data }) => data.key)).size, 2);
  });

  await t.test('is not made where no registry is known, since it would deny everything', () =>
    assert.rejects(store.local.clientConfig.generate('portieris', { url: 'https://sigs.example.com' }, LOCAL), {
      message: /knows no registry yet/,
    }),
  );
});

test('bases', async (t) => {
  const bases: readonly [mirror: string, base: string, needsAlias: boolean][] = [
    ['mirror.io=docker.io', 'docker.io', false],
    ['mirror.io=docker.io/acme', 'docker.io/acme', false],
    ['mirror.io/acme=docker.io/acme', 'docker.io', false],
    ['mirror.io/acme=docker.io/big/acme', 'docker.io/big', false],
    ['mirror.io/hub=docker.io', 'mirror.io', true],
    ['mirror.io/acme=docker.io/megaacme', 'mirror.io', true],
    ['mirror.io:5000/a/b=docker.io/b', 'mirror.io:5000', true],
  ];
  for (const [mirror, base, needsAlias] of bases)
    await t.test(`${mirror} is read below ${base}`, () =>
      assert.deepEqual(mirrorBase(parseMirror(mirror)), { base, needsAlias }),
    );

  await t.test('carry what any user and password decode to again', () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (user, password) => {
        const { username, password: sent, host } = new URL(withCredentials('https://s.io/a', { user, password }));
        assert.deepEqual([decodeURIComponent(username), decodeURIComponent(sent), host], [user, password, 's.io']);
      }),
    ),
  );
});

test('YAML that is written is read as it was meant', () => {
  const { tree } = fc.letrec<{ tree: Yaml }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'yes',
        'No',
        'null',
        '~',
        '1.5',
        '0x1',
        '- a',
        'a: b',
        '*.example.com',
        '127.0.0.1:5000',
        '2026-01-01',
        '# x',
        'a\u0085b\u2028c',
      ),
      fc.integer(),
      fc.boolean(),
      fc.array(tie('tree')) as fc.Arbitrary<Yaml>,
      fc.dictionary(fc.string(), tie('tree'), { noNullPrototype: true }) as fc.Arbitrary<Yaml>,
    ),
  }));
  fc.assert(fc.property(tree, (value) => assert.deepEqual(parse(yamlText(value)), value)));
});

test('a new policy lets a node push what it built, and no other transport in', () => {
  const options = { entries: [], identity: undefined, keyForm: 'data' } as const;
  assert.deepEqual(Object.keys(policyOf({ ...options, fallback: 'reject' }).transports), [
    'docker',
    'containers-storage',
  ]);
  assert.deepEqual(Object.keys(policyOf({ ...options, fallback: 'insecureAcceptAnything' }).transports), ['docker']);
});

test('the places of public scopes of a private registry', async (t) => {
  const places = (scopes: readonly string[]) =>
    placesOf(scopes as Scope[], [], (place) => (place === 'quay.io' ? { user: 'lookaside', password: 'TOKEN' } : null));
  await t.test('are the outermost of them', () => {
    const scopes = ['quay.io/acme/app', 'quay.io/acme', 'quay.io/acme-2/app', 'quay.io/acme', 'quay.io/b/c'];
    assert.deepEqual(places(scopes), ['quay.io/acme', 'quay.io/acme-2/app', 'quay.io/b/c']);
  });
  await t.test('are found at once, however many there are', { timeout: 10_000 }, () => {
    const scopes = Array.from({ length: 30_000 }, (_, index) => `quay.io/team-${index}/app`);
    assert.equal(places(scopes).length, scopes.length);
  });
});
