// The first look at an upload: what is it, by its first bytes? The accepted first bytes are containers/image's
// (protocol.md §3.1) without `=`, which is there by mistake; the rest is named, with the command that would have
// produced the right form, because nobody reads "unrecognized signature format" and knows what to do.
import { AppError, type ErrorCode } from '../domain/errors.ts';
import { encrypted, unsigned } from './shapes.ts';

const ONE_PASS_OR_COMPRESSED = new Set([0xa0, 0xa1, 0xa2, 0xa3, 0xc8, 0x90, 0x91, 0x92, 0xc4]);
const SIGNATURE_PACKET = new Set([0x88, 0x89, 0x8a, 0x8b, 0xc2]);
const LITERAL = new Set([0xac, 0xad, 0xae, 0xaf, 0xcb]);
const ENCRYPTED = new Set([0x84, 0x85, 0x86, 0x8c, 0x8d, 0x8e, 0xc1, 0xc3]);
const HOW = 'sign with `skopeo standalone-sign`, `podman push --sign-by` or `gpg --sign` without --armor';

/** Returns for bytes that can start a signed message; throws the refusal that names what they are. */
export function requireOpenPgp(untrustedBytes: Uint8Array): void {
  const first = untrustedBytes[0];
  if (first === undefined) throw refused('SIGNATURE_EMPTY', `the signature is empty; ${HOW}`);
  if (ONE_PASS_OR_COMPRESSED.has(first) || SIGNATURE_PACKET.has(first)) return;
  const start = Buffer.from(untrustedBytes.subarray(0, 512)).toString('latin1');
  if (LITERAL.has(first)) throw unsigned();
  if (ENCRYPTED.has(first)) throw encrypted();
  for (const { code, looks, says } of LOOKALIKES) if (looks.test(start)) throw refused(code, says);
  const hex = first.toString(16).padStart(2, '0');
  throw refused('SIGNATURE_UNRECOGNIZED', `the first byte is 0x${hex}, which starts no OpenPGP signed message; ${HOW}`);
}

const LOOKALIKES: readonly { code: ErrorCode; looks: RegExp; says: string }[] = [
  {
    code: 'SIGNATURE_CLEARSIGNED',
    looks: /^\s*-----BEGIN PGP SIGNED MESSAGE-----/,
    says: 'a clear-signed text (gpg --clear-sign), which runtimes do not read; use `gpg --sign`',
  },
  {
    code: 'SIGNATURE_DETACHED',
    looks: /^\s*-----BEGIN PGP SIGNATURE-----/,
    says: 'an armored detached signature (gpg --detach-sign), without the claim it signs; use `gpg --sign`',
  },
  {
    code: 'KEY_PRIVATE',
    looks: /^\s*-----BEGIN PGP PRIVATE KEY BLOCK-----|^[\x94-\x97\x9c-\x9f\xc5\xc7]/,
    says: 'this is a PRIVATE KEY, not a signature. It was not stored, but it has left your machine: replace it',
  },
  {
    code: 'SIGNATURE_UNRECOGNIZED',
    looks: /^\s*-----BEGIN PGP PUBLIC KEY BLOCK-----|^[\x98\x99\xc6]/,
    says: 'this is a public key, not a signature; register it with `lookaside key add FILE`',
  },
  {
    code: 'SIGNATURE_ARMORED',
    looks: /^\s*-----BEGIN PGP [A-Z ]+-----/,
    says: 'an ASCII-armored signature, which runtimes do not read; sign without --armor, convert with `gpg --dearmor`, or upload with `lookaside push --dearmor`',
  },
  {
    code: 'SIGNATURE_SIGSTORE',
    looks: /^\0sigstore-json\n/,
    says: 'a sigstore signature; this store verifies OpenPGP simple signatures only',
  },
  {
    code: 'SIGNATURE_PREFIXED',
    looks: /^\0simple-signing\n/,
    says: 'the OpenPGP message stands behind a `\\0simple-signing` prefix, which containers/image before 5.22 does not read; upload the bytes after the first line feed',
  },
  {
    code: 'SIGNATURE_HTML',
    looks: /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|\?xml|!--)/i,
    says: `an HTML page, perhaps the error page of a server it was downloaded from; ${HOW}`,
  },
  {
    code: 'SIGNATURE_JSON',
    looks: /^(?:\xef\xbb\xbf)?\s*[{[]/,
    says: `JSON: an unsigned claim or another tool's format; ${HOW}`,
  },
];

function refused(code: ErrorCode, message: string): AppError {
  return new AppError(code, message);
}
