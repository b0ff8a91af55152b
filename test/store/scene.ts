// A real SQLite database in a directory of its own, with keys and signatures as the store takes them. What the
// signatures hold is not the store's affair, so they are made here without any cryptography.
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Digest, parseDigest } from '../../server/domain/digest.ts';
import { type Fingerprint, type KeyId, parseFingerprint } from '../../server/domain/fingerprint.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { localPrincipal } from '../../server/domain/principal.ts';
import { parseReference } from '../../server/domain/reference.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { attest, type VerifiedSignature } from '../../server/domain/signature.ts';
import type { KeyChange } from '../../server/store/key-port.ts';
import type { Append, Store } from '../../server/store/port.ts';
import { openStore } from '../../server/store/sqlite-store.ts';
import { tempDir } from '../support/temp-dir.ts';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
export const NOW = Date.UTC(2026, 0, 1) as Instant;
export const { actor: ACTOR } = localPrincipal('tester');
export const ACT = { actor: ACTOR, at: NOW };

export type Opened = { readonly store: Store; readonly path: string };

export async function openTestStore(
  t: Pick<TestContext, 'after'>,
  writer: 'local' | 'thread' = 'local',
  path = join(tempDir(t), 'lookaside.db'),
): Promise<Opened> {
  const store = await openStore({ path, migrations: MIGRATIONS, writer });
  t.after(() => store.close());
  return { store, path };
}

/** A fingerprint that is easy to tell apart: all its digits are the same. */
export function fingerprint(digit = 'A'): Fingerprint {
  return parseFingerprint(digit.repeat(40));
}

export function newKey(signer: Fingerprint = fingerprint(), scopes: readonly string[] = ['']): KeyChange {
  const part = {
    fingerprint: signer,
    keyId: signer.slice(-16) as string as KeyId,
    primary: true,
    algorithm: 'RSA 2048',
    unusable: null,
  };
  const signingKeys = [{ ...part, createdAt: NOW, expiresAt: null, revoked: false }];
  const facts = { fingerprint: signer, userIds: ['A <a@example.com>'], createdAt: NOW, expiresAt: null, signingKeys };
  return {
    ...ACT,
    facts: { ...facts, revocation: null },
    material: Buffer.from('key'),
    name: 'A',
    scopes: scopes.map(parseScope),
    basedOn: null,
  };
}

export function randomDigest(): Digest {
  return parseDigest(`sha256:${randomBytes(32).toString('hex')}`);
}

export const IMAGE_DIGEST = randomDigest();

export type Wanted = {
  readonly repository?: string;
  readonly digest?: Digest;
  readonly signer?: Fingerprint;
  /** Equal for two encodings of one signature. */
  readonly identity?: Uint8Array;
};

/** A signature nobody has stored yet. */
export function newSignature({
  repository = 'quay.io/acme/app',
  digest = IMAGE_DIGEST,
  signer = fingerprint(),
  identity = randomBytes(32),
}: Wanted = {}): VerifiedSignature {
  const bytes = randomBytes(300);
  const reference = parseReference(`${repository}:v1`);
  const claim = { digest, reference, creator: null, timestamp: null, otherOptional: [] };
  const facts = {
    signer,
    signingKey: signer,
    identity,
    signedAt: NOW,
    algorithm: 'RSA 2048',
    hash: 'SHA256',
    notes: [],
  };
  const sha256 = createHash('sha256').update(bytes).digest();
  return attest({ bytes, sha256 }, { ...facts, claim, keyScopes: [parseScope('')] }, null);
}

export function append(signature = newSignature(), number: number | null = null): Append {
  return { ...ACT, signature, number };
}

/** A store that knows one key. */
export async function storeWithKey(t: Pick<TestContext, 'after'>, writer: 'local' | 'thread' = 'local') {
  const opened = await openTestStore(t, writer);
  await opened.store.putKey(newKey());
  return opened;
}
