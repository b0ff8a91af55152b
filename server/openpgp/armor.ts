// ASCII armor for public keys, the form in which people pass them on.
import { armor, enums } from 'openpgp';
import { OPENPGP } from './settings.ts';

export function armorKey(material: Uint8Array): string {
  return armor(enums.armor.publicKey, material, undefined, undefined, undefined, false, OPENPGP) as string;
}
