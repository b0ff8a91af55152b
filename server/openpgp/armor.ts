// ASCII armor for public keys, the form in which people pass them on.
import { armor, enums } from 'openpgp';
import { OPENPGP } from './settings.ts';

/** With the checksum that RFC 9580 leaves out: GnuPG 2.2 loses the last key of a block that ends without it or padding. */
const CHECKSUM = true;

export function armorKey(material: Uint8Array): string {
  return armor(enums.armor.publicKey, material, undefined, undefined, undefined, CHECKSUM, OPENPGP) as string;
}
