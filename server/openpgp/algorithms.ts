// The algorithms this store lets through, by their OpenPGP numbers.

/** Public-key algorithms that GnuPG 2.2 and the runtimes verify (RFC 4880 §9.1, RFC 6637; 22 is legacy EdDSA). */
export const SIGNING_ALGORITHMS: ReadonlySet<number> = new Set([1, 3, 19, 22]);

export type Hash = { readonly name: string; readonly bytes: number };

/** Hash algorithms by id (RFC 4880 §9.4) that both GnuPG and openpgp.js accept. */
export const HASHES: ReadonlyMap<number, Hash> = new Map([
  [2, { name: 'SHA1', bytes: 20 }],
  [8, { name: 'SHA256', bytes: 32 }],
  [9, { name: 'SHA384', bytes: 48 }],
  [10, { name: 'SHA512', bytes: 64 }],
  [11, { name: 'SHA224', bytes: 28 }],
]);
