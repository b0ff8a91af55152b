// What is done with key files, as tasks that take and give plain data: what a worker offers beside the examination of
// signatures, and what commands call in place. openpgp.js is loaded by the first of them: a server keeps it out of its
// main thread altogether, and most commands have no use for it.
import type { KeyFile, KeyMaterial, RevocationCertificate } from '../openpgp/key-material.ts';
import type { KeyringAnswer, KeyringQuestion } from './keyring-check.ts';

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

const keyMaterial = () => import('../openpgp/key-material.ts');

export function createOpenPgpTasks(): OpenPgpTasks {
  return {
    readKeyFile: async (untrustedBytes) => (await keyMaterial()).readKeyFile(untrustedBytes),
    mergeKey: async (stored, posted) => (await keyMaterial()).mergeKey(stored, posted),
    armorKey: async (material) => (await import('../openpgp/armor.ts')).armorKey(material),
    revokeKey: async (stored, certificate) => (await keyMaterial()).revokeKey(stored, certificate),
    checkKeyrings: async (question) => (await import('./keyring-check.ts')).checkKeyrings(question),
  };
}
