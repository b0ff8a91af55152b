// Which packets golang.org/x/crypto knows, which reads for builds with containers_image_openpgp. Apart from its reader
// of keyrings, so that whoever only puts keyrings together does not load openpgp.js.
import { keyPackets } from './key-packets.ts';
import { type Packet, TAG } from './packets.ts';

const RSA_DSA_ELGAMAL = new Set([1, 2, 3, 16, 17]);
const ON_CURVES = new Set([18, 19]);
const SIGNATURES = new Set([1, 3, 17, 19]);
/** Object identifiers of NIST P-256, P-384 and P-521. */
const CURVES = new Set(['2a8648ce3d030107', '2b81040022', '2b81040023']);

/** Whether it knows the algorithm of a primary key, and so does not give up the key before it. Binary, as it is stored. */
export function isSimpleKey(material: Uint8Array): boolean {
  const [primary] = keyPackets(material);
  return primary !== undefined && isKnownSimply(primary);
}

export function isKnownSimply({ tag, body }: Packet): boolean {
  const algorithm = (tag === TAG.signature ? body[2] : body[5]) ?? 0;
  if (tag === TAG.signature) return body[0] !== 4 || SIGNATURES.has(algorithm);
  if (tag !== TAG.publicKey && tag !== TAG.publicSubkey) return true;
  if (ON_CURVES.has(algorithm)) return CURVES.has(Buffer.from(body.subarray(7, 7 + (body[6] ?? 0))).toString('hex'));
  return RSA_DSA_ELGAMAL.has(algorithm);
}
