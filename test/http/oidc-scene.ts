// A store that trusts a pipeline of a local issuer, with a clock that moves when the test says so.
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import type { AuditRow } from '../../server/domain/audit-event.ts';
import { type Fingerprint, parseFingerprint } from '../../server/domain/fingerprint.ts';
import type { Instant } from '../../server/domain/instant.ts';
import type { Publisher, PublisherDraft } from '../../server/domain/publisher.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { createLog } from '../../server/ops/log.ts';
import { realWorld } from '../../server/ops/world.ts';
import { type Claims, type Issuer, jwt, type SigningKey, testIssuer } from '../support/issuer.ts';
import { LOCAL, type TestServer, testServer } from '../support/server.ts';
import { type Answer, send } from './wire.ts';

export const AUDIENCE = 'https://sigs.example.com';
export const EXCHANGE = '/api/v1/oidc/exchange';

export type OidcScene = TestServer & {
  readonly issuer: Issuer;
  readonly rsa2048: Fingerprint;
  later(ms: number): void;
  now(): Instant;
  logged(): string;
  /** As GitHub words them, good for five minutes from now; members that are undefined are left out. */
  claims(changes?: Claims): Claims;
  /** The same as a token, signed by the issuer's key or another one. */
  idToken(changes?: Claims, key?: SigningKey): string;
  exchange(idToken: string, publisher?: string): Promise<Answer>;
  trust(changes?: Partial<PublisherDraft>): Promise<Publisher>;
  audit(action: AuditRow['action']): Promise<readonly AuditRow[]>;
};

export async function oidcScene(t: Pick<TestContext, 'after'>, settings: Environment = {}): Promise<OidcScene> {
  const issuer = await testIssuer(t);
  let now = Date.UTC(2026, 0, 1) as Instant;
  let text = '';
  const write = (line: string) => {
    text += line;
  };
  const server = await testServer(
    t,
    { LOOKASIDE_PUBLIC_URL: AUDIENCE, ...issuer.settings, ...settings },
    { world: { ...realWorld, now: () => now }, log: createLog('debug', { write }) },
  );
  const [fingerprint = ''] = await server.registerKeys('rsa2048');
  const rsa2048 = parseFingerprint(fingerprint);

  function claims(changes: Claims = {}): Claims {
    const at = Math.floor(now / 1000);
    return {
      iss: issuer.url,
      aud: AUDIENCE,
      jti: randomUUID(),
      iat: at,
      nbf: at,
      exp: at + 300,
      sub: 'repo:acme/app:environment:release',
      repository: 'acme/app',
      repository_id: '123',
      repository_owner_id: '45',
      environment: 'release',
      ref: 'refs/heads/main',
      run_id: '777',
      ...changes,
    };
  }

  return {
    ...server,
    issuer,
    rsa2048,
    now: () => now,
    later: (ms) => {
      now = (now + ms) as Instant;
    },
    logged: () => text,
    claims,
    idToken: (changes, key = issuer.key()) => jwt(claims(changes), key),
    exchange: (idToken, publisher) =>
      send(server.url, EXCHANGE, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ idToken, ...(publisher === undefined ? {} : { publisher }) }),
      }),
    trust: (changes = {}) =>
      server.local.publishers.add(
        {
          name: 'releases',
          kind: 'github',
          issuer: issuer.url,
          claims: { repository_id: '123', environment: 'release' },
          scopes: [parseScope('registry.example.com/acme')],
          keys: [rsa2048],
          ...changes,
        },
        LOCAL,
      ),
    async audit(action) {
      return (await server.local.audit.list({ action }, { limit: 100, before: null }, LOCAL)).items;
    },
  };
}

export type ExchangedView = { token: string; expiresAt: string; publisher: { id: string }; keys: string[] };

export function secretOf(answer: Answer): string {
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json<ExchangedView>().token;
}
