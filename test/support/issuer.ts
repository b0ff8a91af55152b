// A CI system's issuer of ID tokens: real HTTPS on loopback with a certificate of its own authority, real keys, and a
// switch for each way in which it can fail.
import { execFileSync } from 'node:child_process';
import { createHmac, generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { tempDir } from './temp-dir.ts';

export type SigningKey = { readonly kid: string; readonly alg: 'RS256' | 'ES256'; readonly privateKey: KeyObject };
export type Claims = Readonly<Record<string, unknown>>;

export type Issuer = {
  readonly url: string;
  readonly host: string;
  /** What a server needs in order to talk to it. */
  readonly settings: Environment;
  readonly certificate: string;
  /** Requests so far, by path. */
  readonly asked: string[];
  /** Replaces the keys it publishes; returns the new one. */
  rotate(kid: string, alg?: SigningKey['alg']): SigningKey;
  /** The key it signs with at this moment. */
  key(): SigningKey;
  /** What it publishes; to be changed by a test. */
  documents: { discovery: Record<string, unknown>; keys: unknown };
  /** Answers in place of the issuer; null: it answers itself. */
  instead: ((request: IncomingMessage, response: ServerResponse) => void) | null;
};

const KEYS = '/keys';

export function newKey(kid: string, alg: SigningKey['alg'] = 'RS256'): SigningKey {
  const { privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, alg, privateKey };
}

export function publicJwk({ kid, alg, privateKey }: SigningKey): Record<string, unknown> {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...jwk } = privateKey.export({ format: 'jwk' });
  return { ...jwk, kid, alg, use: 'sig' };
}

export async function testIssuer(t: Pick<TestContext, 'after'>): Promise<Issuer> {
  const tls = newAuthority(tempDir(t));
  let key = newKey('first');
  const asked: string[] = [];
  const server = createServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, (request, response) => {
    asked.push(request.url ?? '');
    if (issuer.instead) return issuer.instead(request, response);
    const { discovery, keys } = issuer.documents;
    const document = { '/.well-known/openid-configuration': discovery, [KEYS]: keys }[request.url ?? ''];
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  const url = `https://${host}`;
  const issuer: Issuer = {
    url,
    host,
    asked,
    certificate: readFileSync(tls.cert, 'utf8'),
    settings: { LOOKASIDE_OIDC_CA: tls.cert, LOOKASIDE_OIDC_PRIVATE_HOSTS: host },
    key: () => key,
    rotate(kid, alg) {
      key = newKey(kid, alg);
      issuer.documents.keys = { keys: [publicJwk(key)] };
      return key;
    },
    documents: { discovery: { issuer: url, jwks_uri: url + KEYS }, keys: { keys: [publicJwk(key)] } },
    instead: null,
  };
  return issuer;
}

function newAuthority(folder: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, 'ca.pem'), join(folder, 'ca.key')];
  const subject = [
    '-subj',
    '/CN=test issuer',
    '-addext',
    'subjectAltName=DNS:localhost,DNS:issuer.example,IP:127.0.0.1',
  ];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...made, ...subject], { stdio: 'pipe' });
  return { cert, key };
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token in the form of a JWT, with whatever header; `alg` decides how it is signed. */
export function jwt(claims: Claims, { kid, alg, privateKey }: SigningKey, header: Claims = {}): string {
  const signed = `${part({ alg, kid, typ: 'JWT', ...header })}.${part(claims)}`;
  const dsaEncoding = alg === 'ES256' ? ({ dsaEncoding: 'ieee-p1363' } as const) : {};
  return `${signed}.${signWith('sha256', Buffer.from(signed), { key: privateKey, ...dsaEncoding }).toString('base64url')}`;
}

/** The same with a shared secret, or with none. */
export function jwtWithSecret(claims: Claims, header: Claims, secret: string | Buffer | null): string {
  const signed = `${part({ typ: 'JWT', ...header })}.${part(claims)}`;
  return `${signed}.${secret === null ? '' : createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
