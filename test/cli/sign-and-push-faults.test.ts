// What skopeo says is sorted into codes by its words alone; these are those of skopeo 1.9 about registries of several makes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registryFault, requireKnownOptions, signingFault } from '../../server/cli/signing/skopeo-faults.ts';
import type { ErrorCode } from '../../server/domain/errors.ts';

const IMAGE = 'registry.example.com:5000/acme/app:v1';
const line = (words: string) => `time="2026-11-21T20:40:58Z" level=fatal msg=${JSON.stringify(words)}\n`;
const parsing = (words: string) => line(`Error parsing image name "docker://${IMAGE}": ${words}`);
const reading = (words: string) => parsing(`reading manifest v1 in ${IMAGE.slice(0, -3)}: ${words}`);

const REGISTRY: readonly (readonly [string, ErrorCode])[] = [
  [reading('manifest unknown: manifest unknown'), 'IMAGE_NOT_FOUND'],
  [reading('name unknown: repository name not known to registry'), 'IMAGE_NOT_FOUND'],
  [reading('StatusCode: 404, 404 page not found'), 'IMAGE_NOT_FOUND'],
  [reading('unauthorized: access to the requested resource is not authorized'), 'REGISTRY_REFUSED'],
  [reading('errors:\ndenied: requested access to the resource is denied\nunauthorized: no'), 'REGISTRY_REFUSED'],
  [reading('StatusCode: 403, '), 'REGISTRY_REFUSED'],
  [parsing('unable to retrieve auth token: invalid username/password: unauthorized: no'), 'REGISTRY_REFUSED'],
  [
    parsing('pinging container registry x: Get "https://x/v2/": dial tcp: lookup x: no such host'),
    'SERVER_UNREACHABLE',
  ],
  [parsing('pinging container registry x: received unexpected HTTP status: 502 Bad Gateway'), 'SERVER_UNREACHABLE'],
  [parsing('pinging container registry x: Get "https://x/v2/": context deadline exceeded'), 'SERVER_UNREACHABLE'],
  ['', 'SERVER_UNREACHABLE'],
];

test('what skopeo says of a registry', async (t) => {
  for (const [stderr, code] of REGISTRY)
    await t.test(`is ${code}: ${stderr.slice(-60).trim()}`, () => {
      const error = registryFault(IMAGE, stderr);
      assert.equal(error.code, code);
      assert.doesNotMatch(error.message, /level=fatal|Error parsing|\n/, 'in one line, and not the image twice');
    });
  await t.test('of its certificate leads to where certificates belong', () => {
    const { message } = registryFault(
      IMAGE,
      parsing('Get "https://x/v2/": x509: certificate signed by unknown authority'),
    );
    assert.match(message, /\/etc\/containers\/certs\.d\/registry\.example\.com:5000\/ca\.crt/);
  });
});

test('what skopeo says of its options', async (t) => {
  const programs = { run: async () => ({ code: 0, stdout: Buffer.from('skopeo version 1.4.1\n'), stderr: '' }) };
  await t.test('is that it is too old', async () => {
    const older = requireKnownOptions(line('unknown flag: --passphrase-file'), programs);
    await assert.rejects(older, { code: 'TOOL_MISSING', message: /^skopeo version 1\.4\.1 is too old/ });
  });
  await t.test('is not what a registry says', () =>
    requireKnownOptions(reading('unknown: unknown flag: --raw'), programs),
  );
});

test('what skopeo says of a key', async (t) => {
  const cases: readonly (readonly [string, boolean, ErrorCode])[] = [
    ['Error creating signature: Bad passphrase', true, 'PASSPHRASE_WRONG'],
    ['Error creating signature: Bad passphrase', false, 'PASSPHRASE_WRONG'],
    ['Error creating signature: No pinentry', false, 'PASSPHRASE_WRONG'],
    ['Error creating signature: Card removed', false, 'SIGNING_FAILED'],
  ];
  for (const [words, passphrase, code] of cases)
    await t.test(`is ${code}: ${words}, ${passphrase ? 'given' : 'typed'}`, () => {
      const error = signingFault({ fingerprint: 'A'.repeat(40), passphrase, stderr: line(words) });
      assert.equal(error.code, code);
    });
});
