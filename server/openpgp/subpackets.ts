// The subpackets of a version 4 signature (RFC 4880 §5.2.3.1), read only to refuse what readers read differently: where
// GnuPG takes the first of two dates, openpgp.js takes the last, and the unhashed area is anybody's to write. Found by
// comparing thousands of mutated signatures with skopeo; test/openpgp/subpackets.test.ts has one of each kind.
import { AppError } from '../domain/errors.ts';
import type { KeyId } from '../domain/fingerprint.ts';
import type { KeyFacts } from '../domain/key.ts';
import { malformed } from './packets.ts';

/** GnuPG reads no area beyond this. */
const AREA_BYTES = 10_000;

/** Types that GnuPG 2.2 knows; any other that is marked critical makes it refuse the signature, in either area. */
const KNOWN = new Set([2, 3, 4, 5, 6, 7, 9, 11, 12, 16, 21, 22, 24, 25, 26, 27, 29, 30, 32, 33]);
const CREATED = 2;
const EXPIRES = 3;
const EXPORTABLE = 4;
const KEY_EXPIRES = 9;
const ISSUER = 16;
const NOTATION = 20;
const KEY_FLAGS = 27;
const ISSUER_FINGERPRINT = 33;

type Subpacket = { readonly type: number; readonly critical: boolean; readonly hashed: boolean; readonly body: Buffer };

/** Refuses what the dates or the issuer of a message signature could be read two ways. */
export function requirePlainSignature(signatureBody: Uint8Array, keyId: KeyId): void {
  const subpackets = readSubpackets(signatureBody);
  requirePlainDates(subpackets);
  const issuers = subpackets.filter(({ type }) => type === ISSUER);
  const fingerprints = subpackets.filter(({ type }) => type === ISSUER_FINGERPRINT);
  if (issuers.some(({ body }) => hex(body) !== keyId) || fingerprints.some(({ body }) => !hex(body).endsWith(keyId)))
    throw malformed('the signature names several issuers');
  if (fingerprints.some(({ body }) => body.length !== 21 || body[0] !== 4))
    throw malformed('an issuer of a strange form');
  if (issuers.length === 0 && !fingerprints.some(({ hashed }) => hashed))
    throw malformed('the signature does not say who made it');
  if (subpackets.some(isEmptyBinaryNotation))
    throw malformed('a notation that is neither text nor anything else, at which GPGME stops reading');
}

/**
 * gpg then announces a notation that GPGME waits for in vain, so that a runtime never learns who signed and refuses the
 * signature. Only what is signed is announced. RFC 4880 §5.2.3.16: flags, two lengths, name, value.
 */
function isEmptyBinaryNotation({ type, hashed, body }: Subpacket): boolean {
  const isText = ((body[0] ?? 0) & 0x80) !== 0;
  return type === NOTATION && hashed && body.length >= 8 && !isText && body.readUInt16BE(6) === 0;
}

/**
 * The same for a self-signature of a key; signatures by others say nothing here. GnuPG leaves out some that openpgp.js
 * counts: without an issuer id, older than their key, or not for export.
 */
export function requirePlainSelfSignature(
  signatureBody: Uint8Array,
  { fingerprint: primary, createdAt }: Pick<KeyFacts, 'fingerprint' | 'createdAt'>,
): void {
  const subpackets = readSubpackets(signatureBody);
  const issuer = subpackets.find(({ type }) => type === ISSUER);
  if (issuer && !primary.endsWith(hex(issuer.body))) return;
  if (!issuer) throw malformed('a self-signature without an issuer id');
  requirePlainDates(subpackets);
  const created = subpackets.find(({ type, hashed }) => type === CREATED && hashed);
  if ((created?.body.readUInt32BE() ?? 0) * 1000 < createdAt) throw malformed('a self-signature older than its key');
  if (subpackets.some(({ type, body }) => type === EXPORTABLE && body[0] === 0))
    throw malformed('a self-signature not for export');
  for (const type of [KEY_EXPIRES, KEY_FLAGS])
    if (subpackets.filter((subpacket) => subpacket.type === type && subpacket.hashed).length > 1)
      throw malformed(`subpacket ${type} stands there twice`);
}

/** False only for a signature that names somebody else, which nobody here looks at. */
export function mayBeIssuedBy(signatureBody: Uint8Array, keyId: string): boolean {
  try {
    const issuers = readSubpackets(signatureBody).filter(({ type }) => type === ISSUER);
    return issuers.length === 0 || issuers.some(({ body }) => hex(body) === keyId);
  } catch {
    return true;
  }
}

function requirePlainDates(subpackets: readonly Subpacket[]): void {
  if (subpackets.some(({ type, critical }) => critical && !KNOWN.has(type)))
    throw new AppError('SIGNATURE_UNSUPPORTED', 'the signature has a critical extension that runtimes do not know');
  const hashed = subpackets.filter((subpacket) => subpacket.hashed);
  const dates = hashed.filter(({ type }) => type === CREATED || type === EXPIRES || type === KEY_EXPIRES);
  if (dates.some(({ body }) => body.length !== 4)) throw malformed('a date of a strange length');
  const created = hashed.filter(({ type }) => type === CREATED);
  const expires = hashed.filter(({ type }) => type === EXPIRES);
  if (created.length !== 1 || expires.length > 1) throw malformed('not one creation date and at most one of expiry');
  const lifetime = expires[0]?.body.readUInt32BE() ?? 0;
  // Times are 32 bits wide in GnuPG: beyond them, "never" becomes "long ago".
  if (lifetime > 0 && (created[0]?.body.readUInt32BE() ?? 0) + lifetime >= 2 ** 32)
    throw new AppError(
      'SIGNATURE_EXPIRED',
      'the signature expires beyond the year 2106, which runtimes read as expired; sign again',
    );
}

function readSubpackets(signatureBody: Uint8Array): Subpacket[] {
  const body = Buffer.from(signatureBody.buffer, signatureBody.byteOffset, signatureBody.length);
  const hashed = area(body, 4);
  const unhashed = area(body, 6 + hashed.length);
  return [...inArea(hashed, true), ...inArea(unhashed, false)];
}

function area(body: Buffer, at: number): Buffer {
  if (at + 2 > body.length) throw malformed('the signature packet ends early');
  const length = body.readUInt16BE(at);
  if (length > AREA_BYTES) throw malformed(`more than ${AREA_BYTES} bytes of subpackets`);
  if (at + 2 + length > body.length) throw malformed('the signature packet ends early');
  return body.subarray(at + 2, at + 2 + length);
}

function* inArea(bytes: Buffer, hashed: boolean): Generator<Subpacket> {
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const octets = first < 192 ? 1 : first < 255 ? 2 : 5;
    if (at + octets > bytes.length) throw malformed('a subpacket reaches beyond its area');
    const length =
      octets === 1
        ? first
        : octets === 2
          ? ((first - 192) << 8) + bytes.readUInt8(at + 1) + 192
          : bytes.readUInt32BE(at + 1);
    const start = at + octets;
    if (length === 0 || start + length > bytes.length)
      throw malformed('a subpacket is empty or reaches beyond its area');
    const tag = bytes.readUInt8(start);
    yield { type: tag & 0x7f, critical: tag >= 0x80, hashed, body: bytes.subarray(start + 1, start + length) };
    at = start + length;
  }
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}
