// The JSON shapes of what admins work with: keys, tokens, people, the overview, search.
import { z } from 'zod';
import { KEY_STATES } from '../../domain/key.ts';
import { PERMISSIONS } from '../../domain/principal.ts';
import { ROLES } from '../../domain/user.ts';
import {
  Actor,
  code,
  count,
  fingerprint,
  Image,
  pageOf,
  Refusal,
  Repository,
  Signature,
  text,
  time,
} from './shapes.ts';

const SigningKey = z
  .strictObject({
    fingerprint,
    keyId: text,
    primary: z.boolean(),
    algorithm: text,
    createdAt: time,
    expiresAt: time.nullable(),
    revoked: z.boolean(),
    unusable: text.nullable().describe('why runtimes refuse what it signs'),
  })
  .meta({ id: 'SigningKey', description: 'a primary key or a subkey' });

const material = {
  fingerprint,
  userIds: z.array(text),
  createdAt: time,
  expiresAt: time.nullable(),
  signingKeys: z.array(SigningKey),
};

export const Served = z
  .strictObject({
    signatures: count.describe('live signatures it made'),
    images: count.describe('images that have one of them'),
    onlyImages: count.describe(
      'of those, images without a live signature of another key that lives at least as long: unsigned when this key ends',
    ),
  })
  .meta({ id: 'Served', description: 'what depends on a key' });

export const Key = z
  .strictObject({
    ...material,
    name: text,
    state: z.enum(KEY_STATES),
    stateSince: time.nullable(),
    stateReason: text.nullable(),
    scopes: z.array(text),
    registeredAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Key' });

export const KeyWithServed = z.strictObject({ ...Key.shape, served: Served }).meta({ id: 'KeyWithServed' });

export const ExpiringKey = z
  .strictObject({
    ...KeyWithServed.shape,
    endingSubkeys: z
      .array(z.strictObject({ fingerprint, expiresAt: time, served: Served }))
      .describe('subkeys that sign and end before the key does, soonest first'),
  })
  .meta({ id: 'ExpiringKey' });

const KeyImage = z
  .strictObject({
    repository: text,
    digest: text.describe('sha256:<64 hex>'),
    references: z.array(text).describe('what to sign it as'),
  })
  .meta({ id: 'KeyImage' });

export const KeyImpact = pageOf(KeyImage)
  .extend({
    ...Served.shape,
    onlyImages: count.describe('of those, images without a live signature of another key that is good then: the items'),
  })
  .meta({ id: 'KeyImpact', description: 'what ends with a key' });

export const KeyRotation = pageOf(KeyImage)
  .extend({
    images: count.describe('with a live signature of the old key'),
    unsigned: count.describe('of those, without any of the successor'),
    uncovered: z.array(text).describe('scopes of the old key that the successor may not sign for'),
  })
  .meta({ id: 'KeyRotation', description: 'what a successor has yet to sign; its items are the references left' });

export const KeyPreview = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        ...material,
        revocation: text.nullable().describe('reason, when the key says it is revoked'),
        registered: Key.nullable().describe('the key as it is registered now'),
      }),
    ),
    revocations: z.array(z.strictObject({ issuer: text, registered: Key.nullable() })),
  })
  .meta({ id: 'KeyPreview' });

export const Token = z
  .strictObject({
    id: text,
    name: text,
    permissions: z.array(z.enum(PERMISSIONS)),
    scopes: z.array(text),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
    revokedAt: time.nullable(),
    keys: z.array(fingerprint).nullable().describe('whose signatures it may upload; null: of all registered keys'),
    publisher: text.nullable().describe('id of the publisher that was given it for an ID token'),
  })
  .meta({ id: 'Token' });

export const NewToken = z.strictObject({ ...Token.shape, secret: text }).meta({ id: 'NewToken' });

export const User = z
  .strictObject({
    name: text,
    role: z.enum(ROLES),
    createdAt: time,
    passwordChangedAt: time,
    lastSignInAt: time.nullable(),
  })
  .meta({ id: 'User' });

export const Session = z
  .strictObject({
    actor: Actor,
    role: z.enum(ROLES).nullable().describe('null for a token'),
    permissions: z.array(z.enum([...PERMISSIONS, 'view'])),
    scopes: z.array(text),
    expiresAt: time.nullable(),
    store: z.strictObject({
      publicUrl: text,
      version: text,
      readAccess: z.enum(['public', 'token']),
      publicScopes: z.array(text).describe('what needs no token to be read all the same'),
      defaultRegistry: text,
    }),
  })
  .meta({ id: 'Session' });

export const AuditStatus = z
  .strictObject({
    head: z.strictObject({ seq: count, hash: text }),
    state: z.enum(['checking', 'intact', 'broken']),
    checkedTo: count.describe('rows of the chain checked so far by this server'),
    problem: text.nullable(),
  })
  .meta({ id: 'AuditStatus' });

export const Overview = z
  .strictObject({
    signatures: z.strictObject({ live: count, withdrawn: count, revoked: count }),
    images: z.strictObject({ signed: count, total: count }),
    repositories: count,
    keys: z.strictObject({ active: count, expired: count, retired: count, revoked: count }),
    days: z.array(z.strictObject({ day: z.iso.date(), stored: count, refused: count })).describe('oldest first'),
    refusals: z.array(z.strictObject({ code, title: text, count })).describe('in those days, most first'),
    expiringKeys: z
      .array(ExpiringKey)
      .describe(
        'expired or expiring within 90 days, they or subkeys of theirs, active or with something that is served; soonest first',
      ),
    lastUploads: z.array(Signature),
    lastRefusals: z.array(Refusal),
  })
  .meta({ id: 'Overview' });

export const SearchResults = z
  .strictObject({
    repositories: z.array(Repository),
    images: z.array(Image),
    signatures: z.array(Signature).describe('whose docker-reference has the tag'),
    keys: z.array(Key),
    tokens: z.array(Token),
  })
  .meta({ id: 'SearchResults' });
