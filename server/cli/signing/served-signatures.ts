// What the store serves for an image already, read as nodes read it: so that signing again adds nothing.
import { type Digest, digestHex } from '../../domain/digest.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { RepositoryName } from '../../domain/repository-name.ts';

export type Served = { readonly url: string; readonly bytes: Uint8Array };

type Place = { readonly server: string; readonly token: () => Promise<string> };
type Image = { readonly repository: RepositoryName; readonly digest: Digest };

const READ_MS = 30_000;

/**
 * Newest first. None, where they cannot be read: a private store, or none at this address; then the upload says what is
 * wrong, if anything is.
 */
export async function readServed({ server, token }: Place, { repository, digest }: Image): Promise<Served[]> {
  const served: Served[] = [];
  for (let number = 1; number <= LIMITS.signaturesPerImage; number++) {
    const url = `${server}/${repository}@sha256=${digestHex(digest)}/signature-${number}`;
    const bytes = await read(url, await token()).catch(() => null);
    if (bytes === null) break;
    served.unshift({ url, bytes });
  }
  return served;
}

async function read(url: string, token: string): Promise<Uint8Array | null> {
  const response = await fetch(url, {
    // Not what something on the way remembers: a withdrawn signature would be counted on.
    headers: { authorization: `Bearer ${token}`, 'cache-control': 'no-cache' },
    redirect: 'manual',
    signal: AbortSignal.timeout(READ_MS),
  });
  const isSignature = response.headers.get('content-type') === 'application/octet-stream';
  const bytes = new Uint8Array(await response.arrayBuffer());
  return response.status === 200 && isSignature && bytes.length <= LIMITS.signatureBytesCeiling ? bytes : null;
}
