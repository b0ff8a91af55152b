// What is done with OpenPGP material, as tasks that take and give plain data: the list a worker offers, and what
// commands call in place. A server keeps openpgp.js out of its main thread altogether.
import type { KeyId } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Key } from '../domain/key.ts';
import type { Examined } from '../domain/signature.ts';
import { armorKey } from '../openpgp/armor.ts';
import {
  type KeyFile,
  type KeyMaterial,
  mergeKey,
  type RevocationCertificate,
  readKeyFile,
  revokeKey,
} from '../openpgp/key-material.ts';
import { createVerify } from '../openpgp/verify.ts';
import { examine } from './examine.ts';

export type OpenPgpTasks = {
  /** Throws SIGNATURE_*, KEY_*, CLAIM_*. */
  examine(untrustedBytes: Uint8Array, now: Instant): Promise<Examined>;
  readKeyFile(untrustedBytes: Uint8Array): Promise<KeyFile>;
  mergeKey(stored: Uint8Array, posted: Uint8Array): Promise<KeyMaterial>;
  /** ASCII armor, as people mail keys. */
  armorKey(material: Uint8Array): Promise<string>;
  revokeKey(stored: Uint8Array, certificate: RevocationCertificate): Promise<KeyMaterial>;
};

export function createOpenPgpTasks(findKeys: (keyId: KeyId) => Promise<readonly Key[]>): OpenPgpTasks {
  const verify = createVerify();
  return {
    examine: (untrustedBytes, now) => examine(untrustedBytes, { findKeys, verify, now }),
    readKeyFile,
    mergeKey,
    armorKey: async (material) => armorKey(material),
    revokeKey,
  };
}
