// Key files on their way in. A file may be armored or binary, hold several keys, or be a bare revocation certificate;
// it may also hold a private key, which is refused before anything else looks at it. What is kept of a key is what
// verification needs: packets, self-signatures and revocations; no certifications by others, no pictures.
import { hash } from 'node:crypto';
import { type Key as OpenPgpKey, PacketList, readKey, readKeys, SignaturePacket, unarmor } from 'openpgp';
import { AppError } from '../domain/errors.ts';
import type { KeyId } from '../domain/fingerprint.ts';
import type { KeyFacts } from '../domain/key.ts';
import { LIMITS } from '../domain/limits.ts';
import { SIGNING_ALGORITHMS } from './algorithms.ts';
import { keyFacts } from './key-facts.ts';
import { keyPackets } from './key-packets.ts';
import { type Packet, TAG } from './packets.ts';
import { OPENPGP } from './settings.ts';
import { mayBeIssuedBy, requirePlainSelfSignature } from './subpackets.ts';

export type KeyMaterial = { readonly facts: KeyFacts; readonly material: Uint8Array };
export type RevocationCertificate = { readonly issuer: KeyId; readonly packets: Uint8Array };
export type KeyFile = { readonly keys: readonly KeyMaterial[]; readonly revocations: readonly RevocationCertificate[] };

/** Everything in a key file. Throws KEY_PRIVATE, KEY_TOO_LARGE, KEY_INVALID, KEY_UNSUPPORTED: all of it or nothing. */
export async function readKeyFile(untrustedBytes: Uint8Array): Promise<KeyFile> {
  if (untrustedBytes.length > LIMITS.keyFileBytes) throw tooLarge(`${untrustedBytes.length} bytes`);
  const blocks = await dearmorAll(untrustedBytes);
  const keys: KeyMaterial[] = [];
  const revocations: RevocationCertificate[] = [];
  for (const block of blocks) {
    const packets = keyPackets(block);
    requireNoSecret(packets);
    requireModest(packets);
    requireCheapToCheck(packets);
    if (packets[0]?.tag === TAG.signature) revocations.push(await revocationCertificate(block));
    else keys.push(...(await publicKeys(block, packets)));
  }
  if (keys.length + revocations.length === 0) throw invalid('it holds no key');
  return { keys, revocations };
}

/** The union of two copies of one key: nothing the store has seen, least of all a revocation, is lost to an old copy. */
export async function mergeKey(stored: Uint8Array, posted: Uint8Array): Promise<KeyMaterial> {
  const ours = await readKey({ binaryKey: stored, config: OPENPGP });
  return purify(await ours.update(await readKey({ binaryKey: posted, config: OPENPGP }), undefined, OPENPGP));
}

/** The key with a revocation certificate applied. Throws KEY_INVALID when the key did not make it. */
export async function revokeKey(stored: Uint8Array, certificate: RevocationCertificate): Promise<KeyMaterial> {
  const key = await readKey({ binaryKey: stored, config: OPENPGP });
  // On its own, so that an earlier revocation does not vouch for it.
  const before = key.revocationSignatures;
  key.revocationSignatures = await signaturePackets(certificate.packets);
  const revoked = await purify(key);
  if (revoked.facts.revocation === null)
    throw invalid(`the revocation certificate was not made by key ${revoked.facts.fingerprint}`);
  // The same certificate again changes nothing.
  const added = key.revocationSignatures.map((packet) => Buffer.from(packet.write()));
  const others = before.filter((packet) => !added.some((bytes) => bytes.equals(packet.write())));
  key.revocationSignatures = [...others, ...key.revocationSignatures];
  return purify(key);
}

async function publicKeys(block: Uint8Array, packets: readonly Packet[]): Promise<KeyMaterial[]> {
  const expected = packets.filter((packet) => packet.tag === TAG.publicKey).length;
  let parsed: OpenPgpKey[];
  try {
    parsed = await readKeys({ binaryKeys: block, config: OPENPGP });
  } catch (cause) {
    throw new AppError('KEY_INVALID', 'not an OpenPGP public key; export it with gpg --export --armor FINGERPRINT', {
      cause,
    });
  }
  if (parsed.length !== expected) throw unsupported('one of the keys in the file is of a kind this store cannot read');
  const keys = await Promise.all(parsed.map(purify));
  for (const [index, { facts }] of keys.entries()) {
    requirePlainKey(facts, signaturesOf(packets, index));
    requireSigner(facts);
  }
  return keys;
}

/** Only what verification needs. */
async function purify(key: OpenPgpKey): Promise<KeyMaterial> {
  // Before anything is dropped: GnuPG also reads dates and flags in the signatures of pictures.
  const facts = await keyFacts(key);
  key.users = key.users.filter((user) => user.userID !== null);
  const own = key.getKeyID();
  for (const user of key.users) {
    user.otherCertifications = [];
    user.revocationSignatures = user.revocationSignatures.filter((signature) => signature.issuerKeyID.equals(own));
  }
  return { facts, material: key.write() };
}

/** Signature packets of the n-th key of a file, in order. */
function signaturesOf(packets: readonly Packet[], index: number): Packet[] {
  let key = -1;
  return packets.filter(({ tag }) => {
    if (tag === TAG.publicKey) key++;
    return key === index && tag === TAG.signature;
  });
}

const KEY_REVOCATION = 0x20;

/** Refuses a key of which GnuPG could think worse than openpgp.js: better no registration than signatures that nodes refuse. */
function requirePlainKey(facts: KeyFacts, signatures: readonly Packet[]): void {
  const { fingerprint, revocation } = facts;
  for (const { body } of signatures) {
    // The type of a version 3 signature stands a byte later.
    const type = body[0] === 3 ? body[2] : body[1];
    if (type === KEY_REVOCATION && revocation === null)
      throw invalid(`key ${fingerprint} carries a revocation that cannot be checked`);
    if (body[0] !== 4) continue;
    try {
      requirePlainSelfSignature(body, facts);
    } catch (cause) {
      throw new AppError(
        'KEY_UNSUPPORTED',
        `key ${fingerprint} has a self-signature that readers would read differently`,
        { cause },
      );
    }
  }
}

/** A key none of whose signatures could ever be accepted is a mistake to be told, not a row. Revoked ones are welcome. */
function requireSigner({ fingerprint, signingKeys }: KeyFacts): void {
  const parts = signingKeys.filter((part) => !part.revoked);
  if (parts.length < signingKeys.length || parts.some((part) => part.unusable === null)) return;
  throw unsupported(`key ${fingerprint} cannot sign for this store: ${parts[0]?.unusable}`);
}

/** Armored blocks, one after the other as `cat a.asc b.asc` leaves them, or the binary form. */
export async function dearmorAll(untrustedFile: Uint8Array): Promise<Uint8Array[]> {
  // Editors put a byte order mark before text.
  const marked = Buffer.from(untrustedFile.subarray(0, 3)).equals(Buffer.from([0xef, 0xbb, 0xbf]));
  const untrustedBytes = marked ? untrustedFile.subarray(3) : untrustedFile;
  if (((untrustedBytes[0] ?? 0) & 0x80) !== 0) return [untrustedBytes];
  const text = Buffer.from(untrustedBytes).toString('latin1');
  if (/-----BEGIN PGP PRIVATE KEY BLOCK-----/.test(text)) throw privateKey();
  const blocks = text.match(/-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]*?-----END PGP PUBLIC KEY BLOCK-----/g) ?? [];
  if (blocks.length === 0) throw invalid('neither an armored nor a binary OpenPGP key');
  if (blocks.length > LIMITS.keysPerFile) throw tooLarge(`${blocks.length} keys`);
  return Promise.all(blocks.map(dearmorBlock));
}

async function dearmorBlock(block: string): Promise<Uint8Array> {
  try {
    const { data } = await unarmor(block, OPENPGP);
    return data as Uint8Array;
  } catch (cause) {
    throw new AppError('KEY_INVALID', 'the armored block is damaged; export the key again', { cause });
  }
}

function requireNoSecret(packets: readonly Packet[]): void {
  if (packets.some(({ tag }) => tag === TAG.secretKey || tag === TAG.secretSubkey)) throw privateKey();
}

/** Counted on packet headers, before any of it is parsed or verified. */
function requireModest(packets: readonly Packet[]): void {
  const runs = { [TAG.publicKey]: 0, [TAG.userId]: 0, [TAG.publicSubkey]: 0 };
  for (const { tag } of packets) {
    if (tag === TAG.publicKey) Object.assign(runs, { [TAG.userId]: 0, [TAG.publicSubkey]: 0 });
    if (tag in runs) runs[tag as keyof typeof runs]++;
    if (runs[TAG.publicKey] > LIMITS.keysPerFile) throw tooLarge(`more than ${LIMITS.keysPerFile} keys`);
    if (runs[TAG.userId] > LIMITS.userIdsPerKey) throw tooLarge(`more than ${LIMITS.userIdsPerKey} user ids on a key`);
    if (runs[TAG.publicSubkey] > LIMITS.subkeysPerKey)
      throw tooLarge(`more than ${LIMITS.subkeysPerKey} subkeys on a key`);
  }
}

/** What openpgp.js would otherwise work on for minutes, most of it in JavaScript: numbers of any size, and one check each. */
function requireCheapToCheck(packets: readonly Packet[]): void {
  let keyId = '';
  let ownSignatures = 0;
  for (const { tag, body } of packets) {
    const algorithm = body[5] ?? 0;
    if (tag === TAG.publicKey) {
      [keyId, ownSignatures] = [keyIdOf(body), 0];
      if (body[0] === 4 && !SIGNING_ALGORITHMS.has(algorithm))
        throw unsupported(`a primary key of algorithm ${algorithm} cannot sign for this store`);
    }
    const isKey = tag === TAG.publicKey || tag === TAG.publicSubkey;
    if (isKey && SIGNING_ALGORITHMS.has(algorithm) && body.length > LIMITS.keyPacketBytes)
      throw unsupported('a key with larger numbers than RSA of 8192 bits');
    if (tag === TAG.signature && mayBeIssuedBy(body, keyId)) ownSignatures++;
    if (ownSignatures > LIMITS.selfSignaturesPerKey)
      throw tooLarge(`more than ${LIMITS.selfSignaturesPerKey} signatures of a key over itself`);
  }
}

/** RFC 4880 §12.2, version 4. */
function keyIdOf(body: Uint8Array): string {
  const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
  return hash('sha1', Buffer.concat([head, body]))
    .slice(-16)
    .toUpperCase();
}

async function revocationCertificate(packets: Uint8Array): Promise<RevocationCertificate> {
  const [signature] = await signaturePackets(packets);
  if (signature?.signatureType !== 0x20) throw invalid('it holds no key'); // 0x20: key revocation
  return { issuer: signature.issuerKeyID.toHex().toUpperCase() as KeyId, packets };
}

async function signaturePackets(packets: Uint8Array): Promise<SignaturePacket[]> {
  // The typings ask for a Map where openpgp.js takes an object by tag, and know the result only as packets.
  const signaturesOnly = { [SignaturePacket.tag]: SignaturePacket } as never;
  try {
    const list = await PacketList.fromBinary(packets, signaturesOnly, OPENPGP);
    // A version it does not read becomes a packet of another class.
    return [...list].filter((packet) => packet instanceof SignaturePacket);
  } catch (cause) {
    throw new AppError('KEY_INVALID', 'not a revocation certificate that can be read', { cause });
  }
}

function privateKey(): AppError {
  return new AppError(
    'KEY_PRIVATE',
    'this is a PRIVATE KEY. It was not stored, but it has left your machine: treat it as compromised and replace it. ' +
      'Register the public key: gpg --export --armor FINGERPRINT',
  );
}

function invalid(why: string): AppError {
  return new AppError(
    'KEY_INVALID',
    `not a key this store can register: ${why}; export it with gpg --export --armor FINGERPRINT`,
  );
}

function unsupported(why: string): AppError {
  return new AppError('KEY_UNSUPPORTED', `${why}; use RSA 2048 to 4096, Ed25519 or NIST ECDSA`);
}

function tooLarge(what: string): AppError {
  return new AppError(
    'KEY_TOO_LARGE',
    `${what} is more than a key file may hold; export single keys with gpg --export --armor --export-options export-minimal FINGERPRINT`,
  );
}
