// The claim, as strictly as runtimes read it: one valid document, and each single lie about it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Claim, parseClaim } from '../../server/domain/claim.ts';
import { digest, repository } from './arbitraries.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
type Members = Record<string, unknown>;
type Document = { critical: Members & { image: Members; identity: Members }; optional: Members } & Members;

function valid(): Document {
  return {
    critical: {
      type: 'atomic container signature',
      image: { 'docker-manifest-digest': DIGEST },
      identity: { 'docker-reference': 'quay.io/acme/app:v1' },
    },
    optional: { creator: 'atomic 5.23.1', timestamp: 1_700_000_000 },
  };
}

function parse(document: unknown): Claim {
  return parseClaim(Buffer.from(JSON.stringify(document)));
}

const LIES: readonly [what: string, spoil: (claim: Document) => void, code?: string][] = [
  ['no critical', (c) => Reflect.deleteProperty(c, 'critical')],
  ['no optional', (c) => Reflect.deleteProperty(c, 'optional')],
  ['optional null', (c) => Object.assign(c, { optional: null })],
  ['optional a list', (c) => Object.assign(c, { optional: [] })],
  ['an unknown member on top', (c) => Object.assign(c, { more: 1 })],
  ['critical a string', (c) => Object.assign(c, { critical: 'x' })],
  ['an unknown member of critical', (c) => Object.assign(c.critical, { more: 1 })],
  ['a member with a capital', (c) => Object.assign(c.critical, { Type: c.critical.type })],
  ['no type', (c) => Reflect.deleteProperty(c.critical, 'type')],
  ['the type of cosign', (c) => Object.assign(c.critical, { type: 'cosign container image signature' })],
  ['a type with another case', (c) => Object.assign(c.critical, { type: 'Atomic container signature' })],
  ['no image', (c) => Reflect.deleteProperty(c.critical, 'image')],
  ['an unknown member of image', (c) => Object.assign(c.critical.image, { tag: 'v1' })],
  ['no digest', (c) => Object.assign(c.critical, { image: {} })],
  ['a digest that is a number', (c) => Object.assign(c.critical.image, { 'docker-manifest-digest': 1 })],
  [
    'a digest of sha512',
    (c) => Object.assign(c.critical.image, { 'docker-manifest-digest': `sha512:${'ab'.repeat(64)}` }),
  ],
  ['an upper-case digest', (c) => Object.assign(c.critical.image, { 'docker-manifest-digest': DIGEST.toUpperCase() })],
  ['a digest with a line feed', (c) => Object.assign(c.critical.image, { 'docker-manifest-digest': `${DIGEST}\n` })],
  ['an unknown member of identity', (c) => Object.assign(c.critical.identity, { more: 1 })],
  ['a reference that is null', (c) => Object.assign(c.critical.identity, { 'docker-reference': null })],
  [
    'a reference that is none',
    (c) => Object.assign(c.critical.identity, { 'docker-reference': 'A' }),
    'CLAIM_REFERENCE_INVALID',
  ],
  [
    'an empty reference',
    (c) => Object.assign(c.critical.identity, { 'docker-reference': '' }),
    'CLAIM_REFERENCE_INVALID',
  ],
  ['a creator that is null', (c) => Object.assign(c.optional, { creator: null })],
  ['a timestamp that is text', (c) => Object.assign(c.optional, { timestamp: '1' })],
  ['a timestamp with a fraction', (c) => Object.assign(c.optional, { timestamp: 1.5 })],
  ['a timestamp of 2⁶³', (c) => Object.assign(c.optional, { timestamp: 2 ** 63 })],
];

const TRUTHS: readonly [what: string, change: (claim: Document) => void][] = [
  ['nothing optional', (c) => Object.assign(c, { optional: {} })],
  ['a negative timestamp', (c) => Object.assign(c.optional, { timestamp: -1 })],
  ['the least timestamp', (c) => Object.assign(c.optional, { timestamp: -(2 ** 63) })],
  ['an empty creator', (c) => Object.assign(c.optional, { creator: '' })],
  ['further optional members of any type', (c) => Object.assign(c.optional, { a: null, b: [{}], c: 1.5 })],
];

test('a claim', async (t) => {
  await t.test('is read', () => {
    const { digest, reference, creator, timestamp, otherOptional } = parse(valid());
    assert.deepEqual([digest, reference.repository, reference.tag], [DIGEST, 'quay.io/acme/app', 'v1']);
    assert.deepEqual([creator, timestamp, otherOptional], ['atomic 5.23.1', 1_700_000_000, []]);
  });
  for (const [what, spoil, code = 'CLAIM_INVALID'] of LIES)
    await t.test(`is refused with ${what}`, () => {
      const document = valid();
      spoil(document);
      assert.throws(() => parse(document), { code });
    });
  for (const [what, change] of TRUTHS)
    await t.test(`is accepted with ${what}`, () => {
      const document = valid();
      change(document);
      parse(document);
    });
  await t.test('with very many optional members is read, and tells of the first of them', () => {
    const document = valid();
    for (let index = 0; index < 10_000; index++) document.optional[`m${index}`] = index;
    const { otherOptional } = parse(document);
    assert.deepEqual([otherOptional.length, otherOptional[0], otherOptional.at(-1)], [100, 'm0', 'm99']);
  });
  await t.test('is refused when it is not UTF-8, or starts with a byte order mark', () => {
    const bytes = Buffer.from(JSON.stringify(valid()));
    const spoilt = Buffer.from(bytes);
    spoilt[spoilt.indexOf('atomic 5')] = 0xff;
    for (const payload of [
      spoilt,
      Buffer.concat([Buffer.from('\ufeff'), bytes]),
      Buffer.from(JSON.stringify(valid()), 'utf16le'),
    ])
      assert.throws(() => parseClaim(payload), { code: 'CLAIM_INVALID' });
  });
  await t.test('is refused for any other value', () => {
    for (const value of [null, 1, 'x', [], {}, [valid()]]) assert.throws(() => parse(value), { code: 'CLAIM_INVALID' });
  });
  await t.test('says what its signer wrote, for every image', () =>
    fc.assert(
      fc.property(repository, digest, (repository, digest) => {
        const document = valid();
        document.critical.image['docker-manifest-digest'] = digest;
        document.critical.identity['docker-reference'] = `${repository}:v1`;
        const claim = parse(document);
        assert.deepEqual([claim.digest, claim.reference.repository], [digest, repository]);
      }),
    ),
  );
});
