// What the store serves for an image already, read as nodes read it: so that signing again adds nothing.
import { type Digest, digestHex } from '../../domain/digest.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { RepositoryName } from '../../domain/repository-name.ts';
import { readBounded } from '../bounded-answer.ts';
import { describeFault } from '../push/answer.ts';

export type Served = { readonly url: string; readonly bytes: Uint8Array };

type Place = {
  readonly server: string;
  readonly token: () => Promise<string>;
  /** Told why they cannot be read, once. Then all is signed; if more is wrong, the upload says so. */
  readonly onUnread: (why: string) => void;
};
type Image = { readonly repository: RepositoryName; readonly digest: Digest };

export type ServedReader = { read(image: Image): Promise<Served[]> };

const READ_MS = 10_000;

export function createServedReader({ server, token, onUnread }: Place): ServedReader {
  let readable = true;
  return {
    /** Newest first. */
    async read({ repository, digest }) {
      const served: Served[] = [];
      for (let number = 1; readable && number <= LIMITS.signaturesPerImage; number++) {
        const url = `${server}/${repository}@sha256=${digestHex(digest)}/signature-${number}`;
        const answer = await get(url, await token());
        if (answer === null) break;
        if (typeof answer !== 'string') served.unshift({ url, bytes: answer });
        else {
          readable = false;
          onUnread(answer);
        }
      }
      return served;
    },
  };
}

/** Null at the end of the list, or why it cannot be read. */
async function get(url: string, token: string): Promise<Uint8Array | string | null> {
  // Not what something on the way remembers: a withdrawn signature would be counted on.
  const headers = { authorization: `Bearer ${token}`, 'cache-control': 'no-cache' };
  try {
    return await read(await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(READ_MS) }));
  } catch (error) {
    return describeFault(error, READ_MS);
  }
}

async function read(response: Response): Promise<Uint8Array | string | null> {
  const bytes = await readBounded(response, LIMITS.signatureBytesCeiling);
  if (response.status === 404) return null;
  if (response.status === 401 || response.status === 403) return 'it is private, and the token is not for reading';
  const isSignature = response.headers.get('content-type') === 'application/octet-stream';
  if (response.status === 200 && isSignature && bytes !== null) return bytes;
  return `it answered ${response.status} and no signature`;
}
