// How openpgp.js is asked to behave wherever we call it.
import { config as defaults, enums } from 'openpgp';

/**
 * SHA-1 message signatures pass, with a compatibility note, since GPGME builds accept them; key flags may be missing, as on
 * keys older than the flags, which GnuPG accepts. RIPEMD-160 counts where a key speaks of itself: GnuPG heeds a revocation
 * or a shorter expiry made with it, and ignoring that would accept what runtimes refuse. Messages made with it are refused
 * before openpgp.js sees them (algorithms.ts). MD5 and RSA under 2048 bits stay refused.
 */
export const OPENPGP = {
  ...defaults,
  rejectHashAlgorithms: new Set([enums.hash.md5]),
  rejectMessageHashAlgorithms: new Set([enums.hash.md5, enums.hash.ripemd]),
  allowMissingKeyFlags: true,
};
