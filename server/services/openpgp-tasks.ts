// What is done with key files, as tasks that take and give plain data: what a worker offers beside the examination of
// signatures, and what commands call in place. A server keeps openpgp.js out of its main thread altogether.
import { armorKey } from '../openpgp/armor.ts';
import {
  type KeyFile,
  type KeyMaterial,
  mergeKey,
  type RevocationCertificate,
  readKeyFile,
  revokeKey,
} from '../openpgp/key-material.ts';
import { checkKeyrings, type KeyringAnswer, type KeyringQuestion } from './keyring-check.ts';

export type OpenPgpTasks = {
  /** Throws KEY_*. */
  readKeyFile(untrustedBytes: Uint8Array): Promise<KeyFile>;
  mergeKey(stored: Uint8Array, posted: Uint8Array): Promise<KeyMaterial>;
  /** ASCII armor, as people mail keys. */
  armorKey(material: Uint8Array): Promise<string>;
  revokeKey(stored: Uint8Array, certificate: RevocationCertificate): Promise<KeyMaterial>;
  /** What the keys of a policy make of signatures. Throws KEY_PRIVATE, KEY_TOO_LARGE. */
  checkKeyrings(question: KeyringQuestion): Promise<KeyringAnswer[]>;
};

export function createOpenPgpTasks(): OpenPgpTasks {
  return { readKeyFile, mergeKey, armorKey: async (material) => armorKey(material), revokeKey, checkKeyrings };
}
