// How openpgp.js is asked to behave wherever we call it.
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
