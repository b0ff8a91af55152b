// The calls about pipelines that publish without a secret.
import { z } from 'zod';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { LIMITS } from '../../domain/limits.ts';
import { SEE } from '../../domain/principal.ts';
import { PUBLISHER_KINDS } from '../../domain/publisher.ts';
import { parseScope } from '../../domain/scope.ts';
import { DONE, operation } from './operation.ts';
import { count, fingerprint, text, time } from './shapes.ts';

const Publisher = z
  .strictObject({
    id: text,
    name: text,
    kind: z.enum(PUBLISHER_KINDS),
    issuer: text,
    claims: z.record(text, text).describe('claim → exact value, or pattern: `*` anything but /, `**` anything'),
    scopes: z.array(text),
    keys: z.array(fingerprint).describe('whose signatures it may upload'),
    createdAt: time,
    lastUsedAt: time.nullable().describe('of its last exchange'),
    advice: text.nullable().describe('what may be meant, and is worth another look'),
  })
  .meta({ id: 'Publisher', description: 'a pipeline that publishes without a secret' });

const Exchanged = z
  .strictObject({
    token: text.describe('a token of this store, for uploads, and for reads within its scopes'),
    expiresAt: time,
    expiresInSeconds: count,
    publisher: z.strictObject({ id: text, name: text }),
    scopes: z.array(text),
    keys: z.array(fingerprint),
  })
  .meta({ id: 'Exchanged' });

const Trials = z
  .strictObject({
    items: z.array(
      z.strictObject({
        publisher: Publisher,
        matches: z.boolean(),
        mismatches: z.array(z.strictObject({ claim: text, wanted: text, found: text.nullable() })),
      }),
    ),
  })
  .meta({ id: 'PublisherTrials' });

const idToken = z.string().min(1).max(LIMITS.idTokenLength);
const name = z.string().trim().min(1).max(LIMITS.nameLength);

const publisherBody = z.strictObject({
  name,
  kind: z.enum(PUBLISHER_KINDS),
  issuer: z
    .string()
    .min(1)
    .max(LIMITS.issuerLength)
    .nullable()
    .default(null)
    .describe('exactly as `iss` has it; null: github.com or gitlab.com'),
  claims: z.record(z.string().max(LIMITS.nameLength), z.string().max(LIMITS.claimLength)),
  scopes: z.array(z.string().transform(parseScope)).max(LIMITS.scopesPerGrant),
  keys: z.array(z.string().transform(parseFingerprint)).max(LIMITS.keysPerPublisher),
});

const trialBody = z
  .strictObject({
    idToken: idToken.optional().describe('verified, and not spent'),
    claims: z.record(z.string(), z.unknown()).optional().describe('believed as they are'),
  })
  .refine(
    ({ idToken, claims }) => (idToken === undefined) !== (claims === undefined),
    'give one of idToken and claims',
  );

export const publishers = {
  listPublishers: operation({
    method: 'get',
    path: '/publishers',
    tag: 'Publishers',
    needs: SEE,
    summary: 'pipelines that publish without a secret',
    answers: { 200: { description: 'all of them', schema: z.strictObject({ items: z.array(Publisher) }) } },
  }),
  addPublisher: operation({
    method: 'post',
    path: '/publishers',
    tag: 'Publishers',
    needs: ['admin'],
    summary: 'trust a pipeline, by what its CI system says of it',
    body: publisherBody,
    answers: { 201: { description: 'the publisher', schema: Publisher } },
  }),
  removePublisher: operation({
    method: 'delete',
    path: '/publishers/:id',
    tag: 'Publishers',
    needs: ['admin'],
    summary: 'trust it no more; its tokens end at once',
    params: z.strictObject({ id: z.string() }),
    answers: { 204: DONE },
  }),
  testPublishers: operation({
    method: 'post',
    path: '/publishers/test',
    tag: 'Publishers',
    needs: ['admin'],
    summary: 'which publishers an ID token or its claims match, and why not',
    body: trialBody,
    answers: { 200: { description: 'each publisher of the issuer', schema: Trials } },
  }),
  exchangeIdToken: operation({
    method: 'post',
    path: '/oidc/exchange',
    tag: 'Publishers',
    needs: 'nobody',
    summary: 'an ID token of a CI system for a token of 15 minutes',
    body: z.strictObject({
      idToken,
      publisher: name.nullable().default(null).describe('name of one, where several match'),
    }),
    answers: { 200: { description: 'the token, once', schema: Exchanged } },
  }),
};
