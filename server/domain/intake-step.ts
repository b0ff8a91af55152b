// The steps of intake in their order, as people see them when they check a signature, and the codes each step refuses
// with. The first refusal ends the way: what comes after it was not looked at.
import type { ErrorCode } from './errors.ts';

export const INTAKE_STEPS = {
  size: 'small enough to be a signature',
  target: 'for an image that can be named',
  format: 'a binary OpenPGP message',
  message: 'exactly one signed message, in a form every runtime reads',
  key: 'made by a registered key that may sign now',
  cryptography: 'the cryptographic check holds',
  claim: 'the signed text is a strict simple-signing claim',
  match: 'the claim is for this image, within the scopes of key and uploader',
  place: 'there is a place for it',
} as const;

export type IntakeStep = keyof typeof INTAKE_STEPS;

const REFUSALS: Partial<Record<ErrorCode, IntakeStep>> = {
  SIGNATURE_TOO_LARGE: 'size',

  DIGEST_INVALID: 'target',
  REPOSITORY_INVALID: 'target',
  TARGET_INVALID: 'target',

  SIGNATURE_EMPTY: 'format',
  SIGNATURE_ARMORED: 'format',
  SIGNATURE_CLEARSIGNED: 'format',
  SIGNATURE_DETACHED: 'format',
  SIGNATURE_HTML: 'format',
  SIGNATURE_JSON: 'format',
  SIGNATURE_SIGSTORE: 'format',
  SIGNATURE_PREFIXED: 'format',
  SIGNATURE_UNRECOGNIZED: 'format',

  SIGNATURE_TRUNCATED: 'message',
  SIGNATURE_MALFORMED: 'message',
  SIGNATURE_TRAILING_DATA: 'message',
  SIGNATURE_SEVERAL_MESSAGES: 'message',
  SIGNATURE_SEVERAL_SIGNERS: 'message',
  SIGNATURE_NOT_ONE_PASS: 'message',
  SIGNATURE_UNSIGNED: 'message',
  SIGNATURE_ENCRYPTED: 'message',
  SIGNATURE_NESTED: 'message',
  SIGNATURE_EXPANDS: 'message',
  SIGNATURE_UNSUPPORTED: 'message',
  SIGNATURE_TOO_COSTLY: 'message',

  KEY_UNKNOWN: 'key',
  KEY_EXPIRED: 'key',
  KEY_RETIRED: 'key',
  KEY_REVOKED: 'key',
  KEY_UNUSABLE: 'key',

  SIGNATURE_BAD: 'cryptography',
  SIGNATURE_EXPIRED: 'cryptography',

  CLAIM_INVALID: 'claim',
  CLAIM_REFERENCE_INVALID: 'claim',

  CLAIM_DIGEST_MISMATCH: 'match',
  CLAIM_REPOSITORY_MISMATCH: 'match',
  KEY_SCOPE: 'match',
  TOKEN_SCOPE: 'match',
  TOKEN_KEY: 'match',

  REPOSITORY_HIDDEN: 'place',
  SIGNATURE_WITHDRAWN: 'place',
  SLOT_TAKEN: 'place',
  SLOT_GAP: 'place',
  IMAGE_FULL: 'place',
};

/** Null for a fault of ours, which says nothing about the signature. */
export function stepOf(code: ErrorCode): IntakeStep | null {
  return REFUSALS[code] ?? null;
}
