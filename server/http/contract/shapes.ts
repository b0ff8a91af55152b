// The JSON shapes of answers: who, signatures, images. Those with an id have a name in the OpenAPI document. Times are
// ISO 8601 in UTC; null stands for never, none or not known, as the member's description says.
import { z } from 'zod';
import { AUDIT_ACTIONS } from '../../domain/audit-event.ts';
import { ERRORS } from '../../domain/errors.ts';
import { INTAKE_STEPS } from '../../domain/intake-step.ts';
import { KEY_STATES } from '../../domain/key.ts';
import { SIGNATURE_STATES } from '../../services/signatures.ts';

export const time = z.iso.datetime();
export const count = z.int().min(0);
export const text = z.string();
export const fingerprint = z.string().describe('40 upper-case hex digits');
const digest = z.string().describe('sha256:<64 hex>');
export const code = z.enum(Object.keys(ERRORS) as (keyof typeof ERRORS)[]).meta({ id: 'ErrorCode' });

export const Actor = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('token'), id: text, name: text }),
    z.strictObject({ kind: z.literal('user'), name: text }),
    z.strictObject({ kind: z.literal('local'), name: text }),
  ])
  .meta({ id: 'Actor', description: 'a token, somebody signed in, or a command on the machine of the database' });

export const Problem = z
  .strictObject({ type: text, title: text, status: z.int(), code, detail: text })
  .meta({ id: 'Problem', description: 'RFC 9457; compare `code`' });

export const Note = z
  .strictObject({ code: text, text })
  .meta({ id: 'Note', description: 'a reader known to refuse the signature although it is valid' });

export const AuditEvent = z
  .strictObject({
    seq: count,
    at: time,
    actor: Actor,
    action: z.enum(AUDIT_ACTIONS).meta({ id: 'AuditAction' }),
    subject: text,
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string()).readonly(), z.null()])),
    previous: text,
    hash: text,
  })
  .meta({ id: 'AuditEvent' });

const image = { repository: text, digest };

export const Signature = z
  .strictObject({
    id: count,
    ...image,
    number: count.nullable().describe('N in signature-N; null when it is not served'),
    url: text.nullable().describe('where runtimes read it; null when it is not served'),
    state: z.enum(SIGNATURE_STATES),
    sha256: text,
    bytes: count,
    signer: fingerprint,
    signerName: text,
    signerExpiresAt: time.nullable().describe('of the key, or of the subkey that signed where that is earlier'),
    signingKey: fingerprint.describe('differs from signer when a subkey signed'),
    reference: text.describe('docker-reference, as signed'),
    notes: z.array(Note),
    signedAt: time,
    storedAt: time,
    storedBy: Actor,
    withdrawnAt: time.nullable(),
    withdrawnReason: text.nullable(),
  })
  .meta({ id: 'Signature' });

export const SignatureDetail = z
  .strictObject({
    ...Signature.shape,
    key: z.strictObject({
      name: text,
      userIds: z.array(text),
      state: z.enum(KEY_STATES),
      expiresAt: time.nullable().describe('of the primary key'),
      algorithm: text.describe('of the key that signed'),
      signingKeyExpiresAt: time.nullable(),
    }),
    lastLive: z.boolean().describe('whether the image would be unsigned without it'),
    claim: z.strictObject({
      dockerReference: text,
      dockerManifestDigest: digest,
      creator: text.nullable(),
      timestamp: z.number().nullable().describe('seconds, as the signer wrote it'),
      otherOptional: z.array(text),
    }),
    payload: text.describe('the signed text'),
    packets: z.strictObject({
      keyId: text,
      keyAlgorithm: z.int(),
      hashAlgorithm: z.int(),
      signatureType: z.int(),
      list: z.array(z.strictObject({ tag: z.int(), name: text, bytes: count })),
    }),
    check: text.nullable().describe('shell commands that check it with skopeo; null when it is not served'),
    history: z.array(AuditEvent),
  })
  .meta({ id: 'SignatureDetail' });

export const UploadResult = z
  .union([
    z.strictObject({
      status: z.enum(['stored', 'exists']),
      id: count,
      ...image,
      number: count,
      url: text,
      signer: fingerprint,
      notes: z.array(Note),
    }),
    z.strictObject({ status: z.literal('refused'), problem: Problem }),
  ])
  .meta({ id: 'UploadResult' });

export const Step = z
  .strictObject({
    step: z.enum(Object.keys(INTAKE_STEPS) as (keyof typeof INTAKE_STEPS)[]),
    title: text,
    outcome: z.enum(['passed', 'refused', 'not-reached']),
  })
  .meta({ id: 'Step', description: 'one step of intake' });

const examined = {
  ...image,
  signer: fingerprint,
  signerName: text,
  signingKey: fingerprint,
  signedAt: time,
  reference: text,
  notes: z.array(Note),
  steps: z.array(Step),
};

export const Verdict = z
  .discriminatedUnion('status', [
    z.strictObject({ status: z.literal('acceptable'), ...examined, algorithm: text, hash: text }),
    z.strictObject({ status: z.literal('exists'), ...examined, id: count, number: count.nullable() }),
    z.strictObject({ status: z.literal('refused'), problem: Problem, steps: z.array(Step) }),
  ])
  .meta({ id: 'Verdict' });

export const Repository = z
  .strictObject({ name: text, images: count, signatures: count, live: count, lastStoredAt: time })
  .meta({ id: 'Repository' });

export const Image = z
  .strictObject({
    ...image,
    id: count,
    signatures: count.describe('live or not'),
    live: count,
    references: z.array(text).describe('docker-references of its signatures, at most ten'),
    signers: z
      .array(z.strictObject({ fingerprint, name: text, expiresAt: time.nullable() }))
      .describe('of its live signatures'),
    firstStoredAt: time,
    lastStoredAt: time,
  })
  .meta({ id: 'Image' });

export const Refusal = z
  .strictObject({
    id: count,
    at: time,
    actor: Actor,
    code,
    title: text,
    detail: text.describe('what the uploader was told'),
    target: text.nullable().describe('as the uploader wrote it'),
  })
  .meta({ id: 'Refusal', description: 'an upload that was refused; the latest ones are kept' });

/** `next` goes into `cursor` for the page after; null at the end. */
export function pageOf<S extends z.ZodType>(item: S) {
  return z.strictObject({
    items: z.array(item),
    next: text.nullable().describe('cursor of the page after; a page can be short, even empty, and have one'),
  });
}
