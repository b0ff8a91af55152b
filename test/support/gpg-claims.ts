// Signatures in number, made in this process: what a test of many uploads needs is that they differ and are valid,
// not that GnuPG made each.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMessage, generateKey, readPrivateKey, sign } from 'openpgp';
import type { PublicKey } from './gpg.ts';

/** The payload of a simple signature; `reference` with a tag or digest. */
export function claim(reference: string, digest: string): string {
  const critical = {
    type: 'atomic container signature',
    image: { 'docker-manifest-digest': digest },
    identity: { 'docker-reference': reference },
  };
  return JSON.stringify({ critical, optional: { creator: 'lookaside test', timestamp: 1_700_000_000 } });
}

export function randomDigest(): string {
  return `sha256:${randomBytes(32).toString('hex')}`;
}

export type Signer = PublicKey & {
  sign(reference: string, digest: string): Promise<Buffer>;
  /** Signatures of one image that differ in the tag they name. */
  signTags(repository: string, digest: string, count: number): Promise<Buffer[]>;
};

export async function createSigner(name = 'signer', expiresInDays?: number): Promise<Signer> {
  const userIDs = [{ name, email: `${name}@example.com` }];
  const end = expiresInDays === undefined ? {} : { keyExpirationTime: expiresInDays * 24 * 60 * 60 };
  const { privateKey: armored } = await generateKey({ type: 'rsa', rsaBits: 2048, userIDs, subkeys: [], ...end });
  const key = await readPrivateKey({ armoredKey: armored });

  async function signOne(reference: string, digest: string): Promise<Buffer> {
    const message = await createMessage({ binary: Buffer.from(claim(reference, digest)) });
    return Buffer.from(await sign({ message, signingKeys: key, format: 'binary' }));
  }

  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    publicKey: key.toPublic().write(),
    sign: signOne,
    signTags: (repository, digest, count) =>
      Promise.all(Array.from({ length: count }, (_, index) => signOne(`${repository}:v${index + 1}`, digest))),
  };
}

/** As skopeo and podman write them: `<root>/<path>@sha256=<hex>/signature-1…`; returns that directory. */
export function stage(root: string, path: string, digest: string, signatures: readonly Uint8Array[]): string {
  const dir = join(root, `${path}@${digest.replace(':', '=')}`);
  mkdirSync(dir, { recursive: true });
  for (const [index, bytes] of signatures.entries()) writeFileSync(join(dir, `signature-${index + 1}`), bytes);
  return dir;
}
