// The algorithms this store lets through, by their OpenPGP numbers.

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
