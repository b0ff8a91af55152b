// Requests of the API, validated by zod: unknown members are refused, text becomes domain values in one step.
import { z } from 'zod';
import { AUDIT_ACTIONS } from '../../domain/audit-event.ts';
import { parseDigest } from '../../domain/digest.ts';
import { parseFingerprint } from '../../domain/fingerprint.ts';
import { DAY_MS, type Instant } from '../../domain/instant.ts';
import { KEY_CONDITIONS, KEY_STATES } from '../../domain/key.ts';
import { LIMITS } from '../../domain/limits.ts';
import { PERMISSIONS } from '../../domain/principal.ts';
import { parseScope } from '../../domain/scope.ts';
import { ROLES } from '../../domain/user.ts';
import { ENDS } from '../../services/key-lifecycle.ts';
import { SIGNATURE_STATES } from '../../services/signatures.ts';
import { code } from './shapes.ts';

const scopes = z.array(z.string().transform(parseScope)).max(LIMITS.scopesPerGrant);
const name = z.string().trim().min(1).max(LIMITS.nameLength);
const reason = z.string().trim().min(1).max(LIMITS.reasonLength);
const fingerprint = z.string().transform(parseFingerprint);
const digest = z.string().transform(parseDigest);
const searchText = z.string().trim().min(1).max(LIMITS.searchLength);
const repository = z.string().min(1).max(LIMITS.targetLength);
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) as Instant);
const id = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/, 'must be a number')
  .transform(Number);

const limit = id.pipe(z.number().max(LIMITS.pageRows)).default(100).describe('rows of a page');
const byNumber = { limit, cursor: id.optional().describe('`next` of the page before') };
const byText = { limit, cursor: z.string().min(1).max(LIMITS.targetLength).optional() };

/** Of a signature, or of an alias. */
export const numberedId = z.strictObject({ id });
export const keyFingerprint = z.strictObject({ fingerprint });
export const tokenId = z.strictObject({ id: z.string() });
export const userName = z.strictObject({ name: z.string() });

export const signatureQuery = z.strictObject({
  ...byNumber,
  repository: repository.optional(),
  digest: digest.optional(),
  signer: fingerprint.optional(),
  state: z.enum(SIGNATURE_STATES).optional(),
  storedBy: name.optional().describe('id of a token, or name of a user'),
  q: searchText.optional().describe('part of a repository name, digest or docker-reference'),
});

export const repositoryQuery = z.strictObject({
  ...byText,
  q: searchText.optional().describe('where a component of the name begins'),
});

export const imageQuery = z.strictObject({ ...byNumber, repository });

export const auditFilter = z.strictObject({
  subject: z.string().max(LIMITS.targetLength).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  actor: z.string().max(LIMITS.nameLength).optional().describe('name of a user, name or id of a token'),
  since: instant.optional(),
  until: instant.optional(),
});
export const auditQuery = auditFilter.extend(byNumber);

export const refusalQuery = z.strictObject({
  ...byNumber,
  code: code.optional(),
  actor: z.string().max(LIMITS.nameLength).optional(),
});

export const searchQuery = z.strictObject({ q: searchText, limit: id.pipe(z.number().max(50)).default(10) });

export const uploadQuery = z.strictObject({ target: z.string().min(1).optional() });

export const withdrawBody = z.strictObject({ reason });

export const keyListQuery = z.strictObject({
  ...byText,
  state: z.enum(KEY_CONDITIONS).optional().describe('expired: active, but past its end'),
  q: searchText.optional().describe('part of a name, user id, fingerprint or key id'),
});

/** As JSON, and the same beside a raw key file: `?name=…&scope=…&scope=…`. */
export const keyBody = z.strictObject({
  key: z.string().min(1),
  name: name.optional(),
  scopes: scopes.min(1).optional(),
});

export const keyFileQuery = z.strictObject({
  name: name.optional(),
  scope: z
    .union([z.string(), z.array(z.string())])
    .transform((value) => [value].flat())
    .pipe(scopes.min(1))
    .optional(),
});

export const keyMaterialQuery = z.strictObject({ format: z.enum(['armored', 'binary']).default('armored') });

export const keyPatch = z
  .strictObject({
    name: name.optional(),
    scopes: scopes.min(1).optional(),
    state: z.enum(KEY_STATES).optional(),
    reason: reason.optional(),
    force: z.boolean().optional().describe('retire it while images depend on it'),
  })
  .refine(({ name, scopes, state }) => name ?? scopes ?? state, 'change at least one of name, scopes, state')
  .refine(({ state, reason }) => state || !reason, 'a reason goes with a state')
  .refine(({ state, force }) => !force || state === 'retired', 'force goes with the state retired');

export const expiringQuery = z.strictObject({
  within: id.pipe(z.number().max(36_500)).default(90).describe('days'),
});
export const impactQuery = z.strictObject({
  ...byText,
  end: z.enum(ENDS).default('now').describe('revoked or retired now, or when it expires'),
});
const to = fingerprint.describe('of the successor');
export const rotationQuery = z.strictObject({ ...byText, to });
export const rotationListQuery = z.strictObject({ to });

export const tokenListQuery = z.strictObject({
  ...byText,
  q: searchText.optional().describe('part of a name or id'),
  publisher: z.string().optional().describe('id of a publisher: what it was given; otherwise what somebody made'),
});

export const tokenBody = z.strictObject({
  name,
  permissions: z.array(z.enum(PERMISSIONS)).min(1),
  scopes: scopes.default([]),
  /** Null: never expires. */
  expiresInDays: z
    .number()
    .positive()
    .max(LIMITS.tokenLifetimeCeilingMs / DAY_MS)
    .nullable()
    .default(LIMITS.tokenLifetimeMs / DAY_MS)
    .transform((days) => (days === null ? null : Math.round(days * DAY_MS))),
});

const password = z.string().min(1).max(LIMITS.passwordLength);

export const credentials = z.strictObject({ username: z.string().min(1).max(LIMITS.nameLength), password });
export const passwordChange = z.strictObject({ current: password, password });
export const userBody = z.strictObject({ name: z.string(), role: z.enum(ROLES), password });
export const userPatch = z
  .strictObject({ role: z.enum(ROLES).optional(), password: password.optional() })
  .refine(({ role, password }) => role ?? password, 'change at least one of role and password');
