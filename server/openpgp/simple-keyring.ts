// The keys that golang.org/x/crypto finds in a file, which reads for builds with containers_image_openpgp, Portieris and
// OpenShift. It gives up a key at the first packet it does not know, and notices that a key is over only at the next one: so a
// key that stands before an Ed25519 key is lost with it. Of armored text it reads one block. Found by running such a build.
import { dearmorAll, type KeyMaterial, keyPackets } from './key-material.ts';
import { readKeyring, writePacket } from './keyring.ts';
import { type Packet, TAG } from './packets.ts';

/** Null where it refuses the file as a whole, and with it every other file of the requirement. */
export async function readSimpleKeyring(untrustedBytes: Uint8Array): Promise<readonly KeyMaterial[] | null> {
  const files = await wholeKeys(untrustedBytes);
  if (files.length === 0) return null;
  const keyrings = await Promise.all(files.map(readKeyring));
  return keyrings.flatMap(({ keys }) => keys);
}

/** Whether they know the algorithm of a primary key, and so do not give up the key before it. Binary, as it is stored. */
export function isKnownSimply(material: Uint8Array): boolean {
  const [primary] = keyPackets(material);
  return primary !== undefined && isKnown(primary);
}

async function wholeKeys(untrustedBytes: Uint8Array): Promise<readonly Uint8Array[]> {
  try {
    const [block] = await dearmorAll(untrustedBytes);
    return block ? survivors(keyPackets(block)).map((packets) => Buffer.concat(packets.map(writePacket))) : [];
  } catch {
    return [];
  }
}

function survivors(packets: readonly Packet[]): Packet[][] {
  const keys: Packet[][] = [];
  let current: Packet[] | null = null;
  for (const packet of packets) {
    const starts = packet.tag === TAG.publicKey;
    if (!isKnown(packet)) current = null;
    else if (starts) {
      if (current) keys.push(current);
      current = [packet];
    } else current?.push(packet);
  }
  return current ? [...keys, current] : keys;
}

const RSA_DSA_ELGAMAL = new Set([1, 2, 3, 16, 17]);
const ON_CURVES = new Set([18, 19]);
const SIGNATURES = new Set([1, 3, 17, 19]);
/** Object identifiers of NIST P-256, P-384 and P-521. */
const CURVES = new Set(['2a8648ce3d030107', '2b81040022', '2b81040023']);

function isKnown({ tag, body }: Packet): boolean {
  const algorithm = (tag === TAG.signature ? body[2] : body[5]) ?? 0;
  if (tag === TAG.signature) return body[0] !== 4 || SIGNATURES.has(algorithm);
  if (tag !== TAG.publicKey && tag !== TAG.publicSubkey) return true;
  if (ON_CURVES.has(algorithm)) return CURVES.has(Buffer.from(body.subarray(7, 7 + (body[6] ?? 0))).toString('hex'));
  return RSA_DSA_ELGAMAL.has(algorithm);
}
