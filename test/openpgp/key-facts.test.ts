import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant, type Instant } from '../../server/domain/instant.ts';
import type { KeyFacts } from '../../server/domain/key.ts';
import { readKeyFile } from '../../server/openpgp/key-material.ts';
import { fixture } from '../support/server.ts';

async function factsOf(name: string): Promise<KeyFacts> {
  const [key] = (await readKeyFile(fixture(`keys/${name}.asc`))).keys;
  assert.ok(key);
  return key.facts;
}

function day(instant: Instant | null): string {
  return instant === null ? 'never' : formatInstant(instant).slice(0, 10);
}

/** One line a part: what an admin wants to know of it. */
async function summary(name: string): Promise<string[]> {
  const { signingKeys, revocation } = await factsOf(name);
  const parts = signingKeys.map(({ primary, algorithm, expiresAt, revoked, unusable }) =>
    [
      primary ? 'primary' : 'subkey',
      algorithm,
      day(expiresAt),
      ...(revoked ? ['revoked'] : []),
      ...(unusable === null || revoked ? [] : ['cannot sign']),
    ].join(', '),
  );
  return revocation === null ? parts : [...parts, revocation];
}

const certifying = 'primary, RSA 2048, never, cannot sign';
const signing = 'subkey, RSA 2048, never';
const keys: Readonly<Record<string, readonly string[]>> = {
  rsa2048: ['primary, RSA 2048, never', 'subkey, RSA 2048, never, cannot sign'],
  rsa4096: ['primary, RSA 4096, never'],
  ed25519: ['primary, Ed25519, never'],
  'ecdsa-p256': ['primary, ECDSA NIST P-256, never'],
  'ecdsa-p384': ['primary, ECDSA NIST P-384, never'],
  'ecdsa-p521': ['primary, ECDSA NIST P-521, never'],
  expired: ['primary, RSA 2048, 2024-07-01'],
  'extend-before': ['primary, RSA 2048, 2024-07-01'],
  'extend-after': ['primary, RSA 2048, 2099-01-01'],
  subkey: [certifying, signing],
  'subkey-added-before': ['primary, RSA 2048, never'],
  'subkey-added-after': ['primary, RSA 2048, never', signing],
  'expired-subkey': [certifying, 'subkey, RSA 2048, 2024-07-01'],
  revoked: ['primary, RSA 2048, never, revoked', 'compromised: for the test corpus'],
  'revoked-superseded': ['primary, RSA 2048, never, revoked', 'superseded: for the test corpus'],
  'revoked-subkey': [certifying, 'subkey, RSA 2048, never, revoked'],
  'wrong-usage': [certifying, signing],
  'encryption-subkey': [certifying, `${signing}, cannot sign`, signing],
  'uncertified-subkey': [certifying, `${signing}, cannot sign`, signing],
};
for (const [name, parts] of Object.entries(keys))
  test(`keyFacts says of ${name}: ${parts.join('; ')}`, async () => assert.deepEqual(await summary(name), parts));

test('keyFacts names the key and its owner', async () => {
  const { fingerprint, userIds, createdAt, signingKeys } = await factsOf('rsa2048');
  assert.match(fingerprint, /^[0-9A-F]{40}$/);
  assert.deepEqual(userIds, ['Lookaside test, rsa2048 <rsa2048@example.com>']);
  assert.equal(day(createdAt), '2024-01-01');
  assert.equal(signingKeys[0]?.fingerprint, fingerprint);
  for (const part of signingKeys) assert.ok(part.fingerprint.endsWith(part.keyId));
});

test('keyFacts says why a key cannot sign in words without a path of this machine', async () => {
  for (const name of ['dsa', 'rsa1024', 'secp256k1', 'brainpool'])
    await assert.rejects(factsOf(name), (error: Error) => {
      assert.match(error.message, /cannot sign for this store/);
      assert.doesNotMatch(error.message, /node_modules|Require stack|\n/);
      return true;
    });
});
