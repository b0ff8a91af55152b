// Signatures in number by keys in number: an Ed25519 signature takes a tenth of a millisecond and waits for nobody, so
// that a test may make them while its load runs.
import { createSign, makeSigningKey } from '../../bench/signing-key.ts';
import type { PublicKey } from './gpg.ts';
import { claim } from './gpg-claims.ts';

export type FastSigner = PublicKey & { sign(reference: string, digest: string): Buffer };

export async function createFastSigner(): Promise<FastSigner> {
  const key = await makeSigningKey('ed25519');
  const sign = createSign(key);
  return {
    fingerprint: key.fingerprint.toUpperCase(),
    publicKey: Buffer.from(key.publicKey, 'base64'),
    sign: (reference, digest) => sign(Buffer.from(claim(reference, digest))).bytes,
  };
}
