// Where this server is stricter than skopeo on purpose (docs/protocol.md §8), by the code of the refusal. A refusal that
// skopeo does not share and that is not listed here is worth a look: a signature that runtimes take is turned away.
import type { Judged } from './campaign.ts';

type Stricter = { readonly code: string; readonly says?: RegExp; readonly done?: RegExp; readonly why: string };

const STRICTER: readonly Stricter[] = [
  { code: 'SIGNATURE_TRAILING_DATA', why: 'one message of three packets and nothing else' },
  { code: 'SIGNATURE_SEVERAL_MESSAGES', why: 'skopeo reads only the first' },
  { code: 'SIGNATURE_SEVERAL_SIGNERS', why: 'one message of three packets and nothing else' },
  { code: 'SIGNATURE_NOT_ONE_PASS', why: 'one message of three packets and nothing else' },
  { code: 'SIGNATURE_MALFORMED', why: 'one message of three packets, read in one way' },
  { code: 'SIGNATURE_TRUNCATED', why: 'GnuPG reads a packet that ends early to the end of the file' },
  { code: 'SIGNATURE_UNSUPPORTED', why: 'algorithms, versions and extensions that not all readers know' },
  { code: 'SIGNATURE_UNRECOGNIZED', why: 'newer skopeo tells the format by the first byte' },
  { code: 'SIGNATURE_NESTED', why: 'at most four layers of compression' },
  { code: 'SIGNATURE_BAD', done: /digest start|digest-start/, why: 'the quick test of RFC 4880 is made' },
  { code: 'SIGNATURE_BAD', says: /another fingerprint/, why: 'all places that name the issuer agree' },
  { code: 'SIGNATURE_BAD', done: /algorithm/, why: 'key and signature name the same RSA algorithm' },
  { code: 'SIGNATURE_BAD', done: /numbers/, why: 'numbers have no leading zeros (RFC 4880 §3.2)' },
  { code: 'SIGNATURE_BAD', done: /type 12\b/, why: 'the signature of a message names no revoker' },
  {
    code: 'CLAIM_REFERENCE_INVALID',
    says: /^docker-reference "[^"/]*_/,
    why: 'a registry has no underscore in its name',
  },
  { code: 'SIGNATURE_EXPIRED', says: /2106/, why: 'an expiry of exactly 32 bits of zeros is none to gpg' },
  { code: 'CLAIM_INVALID', why: 'strict JSON, also within ignored members' },
];

/** Null: nobody has said why. */
export function whyStricter({ verdict: { problem }, trace }: Judged): string | null {
  const matches = ({ code, says, done }: Stricter) =>
    code === problem?.code && (says?.test(problem.detail) ?? true) && (done?.test(trace.join()) ?? true);
  const found = STRICTER.find(matches);
  return found?.why ?? null;
}
