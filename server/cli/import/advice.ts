// What to do about what an import found. A refusal itself says what it is; this says what it means for somebody who moves
// in, and for the runtimes that read the old tree today.
import { ERRORS, type ErrorCode } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { counted } from '../count.ts';
import type { FindingCode } from './findings.ts';

/** Where the reader of containers/image fails as a whole (docs/protocol.md §1.3), and not only at one signature. */
const BREAKS =
  'runtimes fail at such a file and never read those after it: remove it from the old tree as long as that is served';
const REFUSED_TOO = 'runtimes refuse them too; sign these images again';
const NAME =
  'runtimes cannot ask for such a name either: give the directory the name that the image has in its registry';

const ADVICE: Partial<Record<ErrorCode, string>> = {
  KEY_UNKNOWN: 'register the keys that you trust with `lookaside key add FILE`, then run this again',
  KEY_EXPIRED:
    'runtimes refuse them too since the key has expired; sign these images again, or extend the key, register the newer copy with `lookaside key add FILE`, give it to the nodes and run this again',
  KEY_RETIRED: '`lookaside key reactivate FINGERPRINT`, run this again, then `lookaside key retire FINGERPRINT`',
  KEY_REVOKED: 'they stay out for good; sign these images again, and take the key out of the policy of the nodes',
  KEY_SCOPE:
    'if the key may sign for these repositories, give it all of its scopes anew with `lookaside key add FILE --scope SCOPE`',
  KEY_PRIVATE: 'this is a private key in a tree that may be public: revoke and replace it',

  CLAIM_DIGEST_MISMATCH:
    'runtimes refuse them where they are; each belongs to the directory of the image that it was signed for',
  CLAIM_REPOSITORY_MISMATCH:
    'if these are most of the tree, DIR or --registry is not right: the paths below DIR are put behind --registry. Otherwise they were signed under another name of the image; import them under that one, or sign again',
  CLAIM_INVALID: REFUSED_TOO,
  CLAIM_REFERENCE_INVALID: REFUSED_TOO,

  SIGNATURE_BAD: REFUSED_TOO,
  SIGNATURE_EXPIRED: REFUSED_TOO,
  SIGNATURE_ARMORED: `add --dearmor to convert them; ${BREAKS}`,
  SIGNATURE_EMPTY: BREAKS,
  SIGNATURE_CLEARSIGNED: BREAKS,
  SIGNATURE_DETACHED: REFUSED_TOO,
  SIGNATURE_HTML: BREAKS,
  SIGNATURE_JSON: BREAKS,
  SIGNATURE_UNRECOGNIZED: BREAKS,
  REPOSITORY_HIDDEN: 'an alias has taken the addresses of these repositories; see `lookaside alias list`',
  SIGNATURE_WITHDRAWN: 'they were withdrawn here; to publish these images again, sign them again',

  IMAGE_FULL: 'withdraw what these images no longer need (`lookaside withdraw ID`), then run this again',
  REPOSITORY_INVALID: NAME,
  TARGET_INVALID: NAME,
  USAGE_INVALID: 'run the import as a user who may read them',
};

export type Words = { readonly heading: string; readonly advice: string | null };

const OTHERS: Record<Exclude<FindingCode, ErrorCode>, (count: number) => Words> = {
  gap: (count) => ({
    heading: `a gap in ${counted(count, 'image')}: runtimes stop at the first missing number and never read what is behind it`,
    advice: 'nothing: the store numbers without gaps, so what verifies becomes visible to runtimes',
  }),
  overfull: (count) => ({
    heading: `too many signatures in ${counted(count, 'image')}: runtimes that find ${LIMITS.signaturesPerImage + 1} refuse them all`,
    advice: `nothing: the store takes the first ${LIMITS.signaturesPerImage} that verify`,
  }),
  duplicate: (count) => ({
    heading: `duplicate, ${files(count)}: the same signature as one before`,
    advice: 'nothing: it is stored once',
  }),
  misplaced: (count) => ({ heading: `stayed out, ${files(count)}: misplaced`, advice: null }),
  skipped: (count) => ({ heading: `skipped, ${files(count)}: by their names no signatures`, advice: null }),
};

export function wordsOn(code: FindingCode, count: number): Words {
  if (code in OTHERS) return OTHERS[code as keyof typeof OTHERS](count);
  const refusal = code as ErrorCode;
  const title = refusal === 'USAGE_INVALID' ? 'cannot be read' : `${ERRORS[refusal]} (${refusal})`;
  return { heading: `stayed out, ${files(count)}: ${title}`, advice: ADVICE[refusal] ?? null };
}

function files(count: number): string {
  return counted(count, 'file');
}
