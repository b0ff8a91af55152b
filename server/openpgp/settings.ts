// How openpgp.js is asked to behave wherever we call it, and the algorithms we let through.
import { config as defaults, enums } from 'openpgp';

/**
 * SHA-1 message signatures pass, with a compatibility note, since GPGME builds accept them; key flags may be missing,
 * as on keys older than the flags, which GnuPG accepts. MD5, RIPEMD-160, RSA under 2048 bits stay refused.
 */
export const OPENPGP = {
  ...defaults,
  rejectMessageHashAlgorithms: new Set([enums.hash.md5, enums.hash.ripemd]),
  allowMissingKeyFlags: true,
};

/** Public-key algorithms that GnuPG 2.2 and the runtimes verify (RFC 4880 §9.1, RFC 6637; 22 is legacy EdDSA). */
export const SIGNING_ALGORITHMS: ReadonlySet<number> = new Set([1, 3, 19, 22]);

/** Hash algorithms by id (RFC 4880 §9.4) that both GnuPG and openpgp.js accept. */
export const HASHES: ReadonlyMap<number, string> = new Map([
  [2, 'SHA1'],
  [8, 'SHA256'],
  [9, 'SHA384'],
  [10, 'SHA512'],
  [11, 'SHA224'],
]);
