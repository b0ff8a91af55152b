// What the store must hold: each acknowledged change, image by image. A list that is read while nothing it depends on is
// being changed must be exactly as it is here; one that is read meanwhile may be as before or after, and of known bytes.
import { createHash } from 'node:crypto';
import type { FastSigner } from '../support/many-signatures.ts';

export type ModelKey = { readonly signer: FastSigner; state: 'active' | 'retired' | 'revoked' };

export type ModelSignature = {
  readonly id: number;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly key: ModelKey;
  withdrawn: boolean;
};

export type ModelImage = {
  readonly repository: string;
  readonly digest: string;
  /** By id, which is the order of acceptance. */
  readonly signatures: ModelSignature[];
  /** Hashes of all that was ever sent for it. */
  readonly sent: Set<string>;
  changes: number;
  underWay: number;
};

export type Model = ReturnType<typeof createModel>;

export function createModel() {
  const images: ModelImage[] = [];
  const keys: ModelKey[] = [];
  const everything = { changes: 0, underWay: 0 };

  return {
    images,
    keys,

    addImage(repository: string, digest: string): ModelImage {
      const image = { repository, digest, signatures: [], sent: new Set<string>(), changes: 0, underWay: 0 };
      images.push(image);
      return image;
    },

    /** Null while something is being changed that its list depends on; equal before and after a read: nothing was. */
    stamp: (image: ModelImage): string | null =>
      image.underWay + everything.underWay > 0 ? null : `${image.changes} ${everything.changes}`,

    /** The same for the states of keys. */
    keyStamp: (): number | null => (everything.underWay > 0 ? null : everything.changes),

    live: (image: ModelImage): ModelSignature[] =>
      image.signatures.filter(({ withdrawn, key }) => !withdrawn && key.state !== 'revoked'),

    /** `change` notes what it was told before it ends. Without an image it may concern all. */
    async changing<R>(image: ModelImage | null, change: () => Promise<R>): Promise<R> {
      const place = image ?? everything;
      place.underWay++;
      try {
        return await change();
      } finally {
        place.changes++;
        place.underWay--;
      }
    },

    stored(image: ModelImage, signature: Omit<ModelSignature, 'sha256' | 'withdrawn'>): void {
      image.signatures.push({ ...signature, sha256: hashOf(signature.bytes), withdrawn: false });
      image.signatures.sort((a, b) => a.id - b.id);
    },
  };
}

export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function pathOf({ repository, digest }: Pick<ModelImage, 'repository' | 'digest'>): string {
  return `/${repository}@${digest.replace(':', '=')}/signature-`;
}

/** Those near the beginning more often, as a few images are pulled by everybody. */
export function pick<T>(items: readonly T[]): T | undefined {
  return items[Math.floor(Math.random() ** 2 * items.length)];
}
