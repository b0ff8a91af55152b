// An attacker without the key of an issuer makes ID tokens: with no signature, with the public key as a shared secret, with
// keys and addresses of keys of their own, with a key id that is more than a name. Each gets the same words, and the
// store asks nobody for a key but the issuer.
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { oidcScene, secretOf } from '../http/oidc-scene.ts';
import { problemOf } from '../http/scene.ts';
import { type Claims, jwt, jwtWithSecret, newKey, publicJwk } from '../support/issuer.ts';
import { needs } from '../support/tools.ts';

test('a forged ID token', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  await store.trust();
  const { issuer } = store;
  // Node.js and jose could verify these, too; that others can is not enough.
  const young = generateKeyPairSync('ml-dsa-44');
  const youngJwk = { ...young.publicKey.export({ format: 'jwk' }), kid: 'young' };
  issuer.documents.keys = { keys: [publicJwk(issuer.key()), youngJwk] };
  secretOf(await store.exchange(store.idToken()));
  const genuine = issuer.key();
  const pem = createPublicKey(genuine.privateKey).export({ type: 'spki', format: 'pem' });
  const own = newKey('first');
  const ownEc = newKey('first', 'ES256');
  const [header, payload, signature] = store.idToken().split('.') as [string, string, string];
  const cut = JSON.stringify({ ...store.claims(), repository_id: '124' });
  const elsewhere = `https://${issuer.host}/attacker`;
  const forged: Record<string, string> = {
    'without a signature': jwtWithSecret(store.claims(), { alg: 'none', kid: 'first' }, null),
    'with alg None': jwtWithSecret(store.claims(), { alg: 'None', kid: 'first' }, null),
    'with a genuine signature under alg none': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.${signature}`,
    'with the public key as shared secret': jwtWithSecret(store.claims(), { alg: 'HS256', kid: 'first' }, pem),
    'with its modulus as shared secret': jwtWithSecret(
      store.claims(),
      { alg: 'HS256', kid: 'first' },
      Buffer.from(String(publicJwk(genuine).n), 'base64url'),
    ),
    'with an empty secret': jwtWithSecret(store.claims(), { alg: 'HS256' }, ''),
    'by a key of their own under the same id': store.idToken({}, own),
    'by a key of another algorithm under the same id': store.idToken({}, ownEc),
    'by an algorithm that is not on the list, with a key that the issuer has': signedYoung(),
    'with their key in the head': signed({ jwk: publicJwk(own) }),
    'with the address of their keys': signed({ jku: `${elsewhere}/jwks` }),
    'with the address of their certificate': signed({ x5u: `${elsewhere}/cert`, x5c: ['AAAA'] }),
    'with a critical member nobody knows': jwt(store.claims(), genuine, { crit: ['exp2'], exp2: 1 }),
    'with a payload that is not the signed text': jwt(store.claims(), genuine, { b64: false, crit: ['b64'] }),
    'with a kid that is a path': signed({ kid: '../../../../dev/null' }),
    'with a kid that is SQL': signed({ kid: "' UNION SELECT 'x" }),
    'with a kid that is an address': signed({ kid: `${elsewhere}/jwks` }),
    'with a kid that is no text': signed({ kid: { toString: 'first' } }),
    'with a kid of Object': signed({ kid: '__proto__' }),
    'with another payload': `${header}.${Buffer.from(cut).toString('base64url')}.${signature}`,
    'without the last part': `${header}.${payload}`,
    'with a part more': `${header}.${payload}.${signature}.${signature}`,
    'for another issuer by the key of ours': store.idToken({ iss: `${issuer.url}/` }),
  };

  function signed(change: Claims): string {
    return jwt(store.claims(), own, change);
  }

  function signedYoung(): string {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'ML-DSA-44', kid: 'young' })}.${part(store.claims())}`;
    return `${text}.${sign(null, Buffer.from(text), young.privateKey).toString('base64url')}`;
  }

  const words = new Set<string>();
  for (const [what, idToken] of Object.entries(forged))
    await t.test(`${what} is refused`, async () => {
      words.add(problemOf(await store.exchange(idToken), 401, 'ID_TOKEN_INVALID').detail);
    });
  await t.test('is refused in the same words, whatever is wrong', () =>
    assert.equal(words.size, 1, [...words].join('\n')),
  );
  await t.test('has nobody asked but the issuer, and where it says its keys are', () => {
    assert.deepEqual(new Set(issuer.asked), new Set(['/.well-known/openid-configuration', '/keys']));
  });
  await t.test('left no token behind, and does not stand in the way of a genuine one', async () => {
    assert.equal((await store.audit('token.exchanged')).length, 1);
    secretOf(await store.exchange(store.idToken()));
  });
});
