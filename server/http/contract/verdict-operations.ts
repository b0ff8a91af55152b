// The call that asks whether runtimes would accept an image.
import { z } from 'zod';
import { parseDigest } from '../../domain/digest.ts';
import { LIMITS } from '../../domain/limits.ts';
import { READER_IDS } from '../../domain/policy/readers.ts';
import { READ } from '../../domain/principal.ts';
import { parseRepository } from '../../domain/repository-name.ts';
import { operation } from './operation.ts';
import { count, fingerprint, text } from './shapes.ts';

const outcome = z.enum(['accepted', 'refused', 'unknown']);

const Requirement = z.strictObject({
  type: z.enum(['insecureAcceptAnything', 'reject', 'signedBy', 'signedBaseLayer', 'sigstoreSigned']),
  identity: text.nullable().describe('its signedIdentity'),
  outcome,
  code: text,
  why: text,
  decisions: z
    .array(z.strictObject({ number: count, accepted: z.boolean(), code: text, why: text }))
    .readonly()
    .describe('one for each signature, in order'),
});

const ReaderVerdict = z
  .strictObject({
    reader: z.enum(READER_IDS),
    name: text,
    outcome: outcome.describe('unknown: nobody here can know, because of keys that are not here, or of sigstore'),
    number: count.nullable().describe('N of the signature-N by which it was accepted'),
    identity: text.nullable().describe('signedIdentity of the requirement that decides'),
    code: text.describe('what decides; compare this'),
    why: text,
    advice: text.nullable().describe('what to do about it'),
    requirements: z.array(Requirement).readonly().describe('of the policy, in order'),
  })
  .meta({ id: 'ReaderVerdict' });

const ofImage = {
  signatures: z
    .array(
      z.strictObject({
        id: count,
        number: count,
        signer: fingerprint,
        signerName: text,
        reference: text.describe('docker-reference, as signed'),
        identities: z.array(text).readonly().describe('which of the plain signedIdentity kinds take the name'),
      }),
    )
    .readonly(),
  readers: z.array(ReaderVerdict).readonly(),
};

const RuntimeVerdict = z
  .strictObject({
    image: text.describe('what is pulled, written in full'),
    storedAs: text.describe('the repository whose signatures count'),
    digest: text,
    basis: z.strictObject({
      kind: z.enum(['policy', 'keys', 'registered-keys']),
      scope: text.nullable().describe('of the policy; null: its default'),
    }),
    ...ofImage,
    platforms: z
      .array(z.strictObject({ name: text, digest: text, ...ofImage }))
      .readonly()
      .nullable()
      .describe('of an index; null where none was handed over'),
    notes: z.array(text).readonly(),
  })
  .meta({ id: 'RuntimeVerdict', description: 'who would accept an image from this store, and why' });

const keyText = z.string().min(1).max(LIMITS.keyFileBytes).describe('ASCII-armored, or binary in base64');

const question = z.strictObject({
  image: z.string().min(1).max(LIMITS.targetLength).describe('as a runtime pulls it'),
  digest: z.string().transform(parseDigest).optional().describe('what a tag stands for'),
  storedAs: z
    .string()
    .transform((name) => parseRepository(name))
    .optional()
    .describe('the repository to which the lookaside of the runtime leads, if not to its name'),
  policy: z.string().optional().describe('a policy.json, as text; otherwise one that asks for keys'),
  keys: z
    .array(z.strictObject({ path: z.string().max(LIMITS.targetLength), key: keyText }))
    .max(LIMITS.verdictKeyFiles)
    .default([])
    .describe('files that the policy names, by path; without a policy: one of these must have signed'),
  manifest: z.string().optional().describe('as the registry has it, byte for byte; of an index, for its platforms'),
});

export const verdicts = {
  judgeImage: operation({
    method: 'post',
    path: '/verdict',
    tag: 'Images',
    needs: READ,
    summary: 'whether runtimes would accept an image from this store',
    body: question,
    answers: { 200: { description: 'the verdict', schema: RuntimeVerdict } },
  }),
};
