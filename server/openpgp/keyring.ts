// The keys in a file of a policy. Unlike a key that is registered, what cannot be read is left out and the rest counts: so
// do runtimes, which import what they know.
import { toAppError } from '../domain/errors.ts';
import { dearmorAll, type KeyMaterial, readKeyFile } from './key-material.ts';
import { keyPackets } from './key-packets.ts';
import { type Packet, TAG } from './packets.ts';

export type Keyring = {
  readonly keys: readonly KeyMaterial[];
  /** Why others were left out. */
  readonly skipped: readonly string[];
};

/** Throws KEY_PRIVATE and KEY_TOO_LARGE. */
export async function readKeyring(untrustedBytes: Uint8Array): Promise<Keyring> {
  const whole = await attempt(untrustedBytes);
  if (whole.skipped.length === 0) return whole;
  let parts: Uint8Array[];
  try {
    parts = (await dearmorAll(untrustedBytes)).flatMap((block) => split(keyPackets(block)));
  } catch {
    return whole;
  }
  const keyrings = await Promise.all(parts.map(attempt));
  return { keys: keyrings.flatMap(({ keys }) => keys), skipped: keyrings.flatMap(({ skipped }) => skipped) };
}

async function attempt(untrustedBytes: Uint8Array): Promise<Keyring> {
  try {
    return { keys: (await readKeyFile(untrustedBytes)).keys, skipped: [] };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'KEY_UNSUPPORTED' && error.code !== 'KEY_INVALID') throw error;
    return { keys: [], skipped: [error.message] };
  }
}

/** One file for each key. */
function split(packets: readonly Packet[]): Uint8Array[] {
  const files: Uint8Array[][] = [];
  for (const packet of packets) {
    if (packet.tag === TAG.publicKey || files.length === 0) files.push([]);
    files.at(-1)?.push(writePacket(packet));
  }
  return files.map((parts) => Buffer.concat(parts));
}

/** RFC 4880 §4.2.2.4: a length of five octets fits every packet. */
export function writePacket({ tag, body }: Packet): Uint8Array {
  const header = Buffer.from([0xc0 | tag, 0xff, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}
