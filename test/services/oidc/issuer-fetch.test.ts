// Documents of issuers: what is refused before a connection is made, and what ends one.
import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { test } from 'node:test';
import { createFetchDocument, type Resolve } from '../../../server/services/oidc/issuer-fetch.ts';
import { isNeighbour } from '../../../server/services/oidc/neighbours.ts';
import { testIssuer } from '../../support/issuer.ts';
import { needs } from '../../support/tools.ts';

const NEIGHBOURS = [
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'fc00::1',
  'fec0::1',
  'ff02::1',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  'localhost',
  '',
];

test('an address', async (t) => {
  for (const address of NEIGHBOURS)
    await t.test(`${address || '(none)'} is a neighbour`, () => assert.ok(isNeighbour(address)));
  for (const address of ['8.8.8.8', '140.82.121.3', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])
    await t.test(`${address} is of the internet`, () => assert.ok(!isNeighbour(address)));
});

/** A name server of one's own, and what it was asked. */
function names(...answers: readonly (readonly string[])[]): { resolve: Resolve; asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (name, answer) => {
    const found = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(name);
    setImmediate(() =>
      answer(
        null,
        found.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );
  };
  return { resolve, asked };
}

const UNAVAILABLE = (message: RegExp) => ({ code: 'ISSUER_UNAVAILABLE', message });

test('a document of an issuer', needs('openssl'), async (t) => {
  const issuer = await testIssuer(t);
  const { host, certificate: authorities } = issuer;
  const port = host.split(':')[1];
  const path = '/.well-known/openid-configuration';
  const fetchAny = createFetchDocument({ privateHosts: [], authorities });

  await t.test('is fetched where its host was allowed', async () => {
    const fetchDocument = createFetchDocument({ privateHosts: [host], authorities });
    assert.deepEqual(await fetchDocument(issuer.url + path), issuer.documents.discovery);
  });
  const connected = () => issuer.asked.length;
  const before = connected();
  for (const literal of [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '0',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '169.254.169.254',
    '１２７.0.0.1',
  ])
    await t.test(`is not fetched from ${literal}`, () =>
      assert.rejects(fetchAny(`https://${literal}:${port}/`), UNAVAILABLE(/private address/)),
    );
  await t.test('is not fetched from a name that stands for a neighbour, nor for one among others', async () => {
    for (const answer of [['127.0.0.1'], ['::1'], ['::ffff:7f00:1'], ['140.82.121.3', '169.254.169.254']]) {
      const { resolve } = names(answer);
      const fetchDocument = createFetchDocument({ privateHosts: [host], authorities }, resolve);
      await assert.rejects(fetchDocument(`https://issuer.example:${port}${path}`), UNAVAILABLE(/private address/));
    }
    await assert.rejects(fetchAny(issuer.url + path), UNAVAILABLE(/private address/));
  });
  await t.test('has been fetched by none of them', () => assert.equal(connected(), before));
  await t.test('comes from the address that was looked at: the name is asked for once', async () => {
    const { resolve, asked } = names(['127.0.0.1'], ['192.0.2.1']);
    const fetchDocument = createFetchDocument({ privateHosts: [`issuer.example:${port}`], authorities }, resolve);
    assert.deepEqual(await fetchDocument(`https://issuer.example:${port}${path}`), issuer.documents.discovery);
    assert.deepEqual(asked, ['issuer.example']);
  });
  await t.test('is refused when the name turns to a neighbour later', async () => {
    const { resolve } = names(['2606:4700::1111'], ['127.0.0.1']);
    const fetchDocument = createFetchDocument({ privateHosts: [], authorities }, resolve, 300);
    await assert.rejects(fetchDocument(`https://issuer.example:${port}${path}`), UNAVAILABLE(/could not be reached/));
    await assert.rejects(fetchDocument(`https://issuer.example:${port}${path}`), UNAVAILABLE(/private address/));
  });
  await t.test('is not fetched without TLS, with a user, or from a server nobody vouches for', async () => {
    const allowed = { privateHosts: [host], authorities };
    await assert.rejects(createFetchDocument(allowed)(`http://${host}/`), UNAVAILABLE(/no https URL/));
    await assert.rejects(createFetchDocument(allowed)(`https://a:b@${host}/`), UNAVAILABLE(/no https URL/));
    await assert.rejects(createFetchDocument(allowed)('nonsense'), UNAVAILABLE(/no https URL/));
    await assert.rejects(
      createFetchDocument({ ...allowed, authorities: null })(issuer.url),
      UNAVAILABLE(/could not be reached/),
    );
    const other = createFetchDocument(
      { privateHosts: [`wrong.example:${port}`], authorities },
      names(['127.0.0.1']).resolve,
    );
    await assert.rejects(other(`https://wrong.example:${port}/`), UNAVAILABLE(/could not be reached/));
  });

  const allowed = { privateHosts: [host], authorities };
  const answers: readonly (readonly [string, NonNullable<typeof issuer.instead>, RegExp])[] = [
    [
      'a redirect, also to an allowed host',
      (_q, r) => r.writeHead(302, { location: issuer.url + path }).end(),
      /answered 302/,
    ],
    ['an error', (_q, r) => r.writeHead(500).end('{}'), /answered 500/],
    ['no JSON', (_q, r) => r.end('<html>'), /not JSON/],
    ['more than there is room for', (_q, r) => r.end(`"${'x'.repeat(300_000)}"`), /more than 262144 bytes/],
    ['more and more', (_q, r) => void setInterval(() => r.write('x'.repeat(65_536)), 1).unref(), /more than 262144/],
    ['something compressed', (_q, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end('x'), /compressed/],
    ['nothing', () => {}, /could not be reached/],
    ['too slowly', (_q, r) => void setInterval(() => r.write(' '), 50).unref(), /could not be reached/],
    [
      'and breaks off',
      (_q, r) => void r.writeHead(200, { 'content-length': 100 }).write('{}', () => r.destroy()),
      /could not be reached/,
    ],
  ];
  for (const [what, answer, message] of answers)
    await t.test(`is refused when the issuer answers with ${what}`, async () => {
      issuer.instead = answer;
      const started = performance.now();
      const fetchDocument = createFetchDocument(allowed, undefined, 500);
      await assert.rejects(fetchDocument(issuer.url + path), UNAVAILABLE(message));
      assert.ok(performance.now() - started < 2_000);
      issuer.instead = null;
    });
});
