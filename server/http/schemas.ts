// Requests of the API, validated by zod: unknown members are refused, text becomes domain values in one step.
import { z } from 'zod';
import { AUDIT_ACTIONS } from '../domain/audit-event.ts';
import { parseDigest } from '../domain/digest.ts';
import { AppError } from '../domain/errors.ts';
import { parseFingerprint } from '../domain/fingerprint.ts';
import { LIMITS } from '../domain/limits.ts';
import { PERMISSIONS } from '../domain/principal.ts';
import { parseRepository, type Registry } from '../domain/repository-name.ts';
import { parseScope } from '../domain/scope.ts';
import { SIGNATURE_STATES } from '../services/signatures.ts';

const scopes = z.array(z.string().transform(parseScope)).max(LIMITS.scopesPerGrant);
const name = z.string().trim().min(1).max(LIMITS.nameLength);
const reason = z.string().trim().min(1).max(LIMITS.reasonLength);
const id = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/, 'must be a number')
  .transform(Number);

const page = {
  limit: id.pipe(z.number().max(LIMITS.pageRows)).default(100),
  cursor: id.optional(),
};

export const signatureId = id;

export const signatureQuery = (defaultRegistry: Registry) =>
  z.strictObject({
    ...page,
    repository: z
      .string()
      .transform((text) => parseRepository(text, defaultRegistry))
      .optional(),
    digest: z.string().transform(parseDigest).optional(),
    signer: z.string().transform(parseFingerprint).optional(),
    state: z.enum(SIGNATURE_STATES).optional(),
    q: z.string().min(1).max(300).optional(),
  });

export const auditQuery = z.strictObject({
  ...page,
  subject: z.string().max(500).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  actor: z.string().max(LIMITS.nameLength).optional(),
});

export const uploadQuery = z.strictObject({ target: z.string().min(1).optional() });

export const withdrawBody = z.strictObject({ reason });

export const keyBody = z.strictObject({ key: z.string().min(1), name: name.optional(), scopes: scopes.optional() });

/** The same beside a raw key file: `?name=…&scope=…&scope=…`. */
export const keyQuery = z
  .strictObject({
    name: name.optional(),
    scope: z
      .union([z.string(), z.array(z.string())])
      .transform((value) => [value].flat())
      .pipe(scopes)
      .optional(),
  })
  .transform(({ name, scope }) => ({ name, scopes: scope }));

export const keyPatch = z
  .strictObject({
    name: name.optional(),
    scopes: scopes.min(1).optional(),
    state: z.enum(['active', 'retired', 'revoked']).optional(),
    reason: reason.optional(),
  })
  .refine(({ name, scopes, state }) => name ?? scopes ?? state, 'change at least one of name, scopes, state')
  .refine(({ state, reason }) => state || !reason, 'a reason goes with a state');

const DAY_MS = 24 * 60 * 60 * 1000;

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
    .transform((days) => (days === null ? null : days * DAY_MS)),
});

/** The parsed value. Throws REQUEST_INVALID naming each wrong member; codes of the domain's parsers pass through. */
export function parseRequest<T extends z.ZodType>(schema: T, value: unknown, what = 'request'): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || what}: ${issue.message}`);
  throw new AppError('REQUEST_INVALID', issues.join('; '));
}
