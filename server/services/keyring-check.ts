// What keyrings of a policy make of signatures: the same examination as at intake, with the policy's own copies of the keys
// in place of the registered ones.
import { toAppError } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Key } from '../domain/key.ts';
import type { Proof } from '../domain/policy/judge.ts';
import { EVERYTHING } from '../domain/scope.ts';
import { type KeyMaterial, mergeKey } from '../openpgp/key-material.ts';
import { readKeyring } from '../openpgp/keyring.ts';
import { readSimpleKeyring } from '../openpgp/simple-keyring.ts';
import { createVerify } from '../openpgp/verify.ts';
import { examine } from './examine.ts';

export type KeyringFiles = {
  readonly files: readonly Uint8Array[];
  /** Whether machines have just these files, so that it matters how they read them. */
  readonly areReal: boolean;
};

export type KeyringQuestion = {
  readonly signatures: readonly Uint8Array[];
  readonly keyrings: readonly KeyringFiles[];
  readonly now: Instant;
};

export type KeyringAnswer = {
  /** One for each signature, in order. */
  readonly proofs: readonly Proof[];
  /** The same for who reads keyrings with golang.org/x/crypto. */
  readonly simpleProofs: readonly Proof[];
  /** Why keys of its files were left out. */
  readonly skipped: readonly string[];
};

/** One answer for each keyring. Throws KEY_PRIVATE and KEY_TOO_LARGE. */
export async function checkKeyrings({ signatures, keyrings, now }: KeyringQuestion): Promise<KeyringAnswer[]> {
  const answers: KeyringAnswer[] = [];
  for (const { files, areReal } of keyrings) {
    const read = await Promise.all(files.map(readKeyring));
    const keys = await merged(read.flatMap(({ keys }) => keys));
    const proofs = await proveAll(signatures, keys, now);
    const simpleProofs = areReal ? await proveSimply(signatures, files, now) : proofs;
    answers.push({
      proofs,
      simpleProofs: simpleProofs.map((proof, index) => explained(proof, proofs[index] as Proof)),
      skipped: read.flatMap(({ skipped }) => skipped),
    });
  }
  return answers;
}

async function proveSimply(
  signatures: readonly Uint8Array[],
  files: readonly Uint8Array[],
  now: Instant,
): Promise<readonly Proof[]> {
  const read = await Promise.all(files.map(readSimpleKeyring));
  const unreadable = { holds: false, code: 'KEY_UNSUPPORTED', message: UNREADABLE } as const;
  if (read.includes(null)) return signatures.map(() => unreadable);
  return proveAll(
    signatures,
    read.flatMap((keys) => keys ?? []),
    now,
  );
}

const UNREADABLE =
  'these builds cannot read one of the key files, and then none of them counts: it has no key but such as Ed25519';
const LOST =
  'these builds lose its key: of a file they read one armored block, and no key that stands before one they do not know, such as Ed25519';

function explained(simple: Proof, proof: Proof): Proof {
  const isLost = !simple.holds && simple.code === 'KEY_UNKNOWN' && (proof.holds || proof.code !== 'KEY_UNKNOWN');
  return isLost ? { holds: false, code: 'KEY_UNSUPPORTED', message: LOST } : simple;
}

async function proveAll(
  signatures: readonly Uint8Array[],
  keys: readonly KeyMaterial[],
  now: Instant,
): Promise<readonly Proof[]> {
  const prove = createProve(keys.map(asRegistered), now);
  const proofs: Proof[] = [];
  for (const signature of signatures) proofs.push(await prove(signature));
  return proofs;
}

/** Runtimes import all of it into one keyring: an old copy of a key does not outlive its newer one, or a revocation. */
async function merged(copies: readonly KeyMaterial[]): Promise<KeyMaterial[]> {
  const keys = new Map<Fingerprint, KeyMaterial>();
  for (const copy of copies) {
    const { fingerprint } = copy.facts;
    const known = keys.get(fingerprint);
    keys.set(fingerprint, known ? await mergeKey(known.material, copy.material) : copy);
  }
  return [...keys.values()];
}

function createProve(keys: readonly Key[], now: Instant): (signature: Uint8Array) => Promise<Proof> {
  const verify = createVerify();
  // Not all readers mind that a key has expired: when it does is told, and decided later.
  const timeless = keys.map((key) => ({
    ...key,
    signingKeys: key.signingKeys.map((part) => ({ ...part, expiresAt: null })),
  }));
  const endOf = (fingerprint: string) =>
    keys.flatMap(({ signingKeys }) => signingKeys).find((part) => part.fingerprint === fingerprint)?.expiresAt ?? null;
  return async (signature) => {
    try {
      const findKeys = async (keyId: string) =>
        timeless.filter(({ signingKeys }) => signingKeys.some((part) => part.keyId === keyId));
      const { signer, signingKey, claim, notes } = await examine(signature, { findKeys, verify, now });
      return { holds: true, signer, claim, notes, keyExpiresAt: endOf(signingKey) };
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      return { holds: false, code, message };
    }
  };
}

/** Each of its own revision, because there can be several copies of a key. */
function asRegistered({ facts, material }: KeyMaterial, revision: number): Key {
  const at = 0 as Instant;
  return {
    ...facts,
    material,
    name: '',
    state: { state: 'active' },
    scopes: [EVERYTHING],
    registeredAt: at,
    updatedAt: at,
    revision,
  };
}
