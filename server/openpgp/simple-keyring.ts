// The keys that golang.org/x/crypto finds in a file, which reads for builds with containers_image_openpgp, Portieris and
// OpenShift. It gives up a key at the first packet it does not know, and notices that a key is over only at the next one: so a
// key that stands before an Ed25519 key is lost with it. Of armored text it reads one block. Found by running such a build.
import { dearmorAll, type KeyMaterial } from './key-material.ts';
import { keyPackets } from './key-packets.ts';
import { readKeyring, writePacket } from './keyring.ts';
import { type Packet, TAG } from './packets.ts';
import { isKnownSimply } from './simple-algorithms.ts';

/** Null where it refuses the file as a whole, and with it every other file of the requirement. */
export async function readSimpleKeyring(untrustedBytes: Uint8Array): Promise<readonly KeyMaterial[] | null> {
  const files = await wholeKeys(untrustedBytes);
  if (files.length === 0) return null;
  const keyrings = await Promise.all(files.map(readKeyring));
  return keyrings.flatMap(({ keys }) => keys);
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
    if (!isKnownSimply(packet)) current = null;
    else if (starts) {
      if (current) keys.push(current);
      current = [packet];
    } else current?.push(packet);
  }
  return current ? [...keys, current] : keys;
}
