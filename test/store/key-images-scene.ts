// The images of a key as lines of text, read in pages that end in the middle of everything.
import type { Fingerprint } from '../../server/domain/fingerprint.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { EVERYTHING } from '../../server/domain/scope.ts';
import type { KeyImage, KeyImagesFilter } from '../../server/store/key-port.ts';
import type { Store } from '../../server/store/port.ts';

type Asked = { readonly signer: Fingerprint } & ({ readonly aloneAt: Instant } | { readonly successor: Fingerprint });

/** "<image> <reference>", sorted. */
export async function keyImageLines(store: Store, asked: Asked, limit = 2): Promise<string[]> {
  const images = await allKeyImages(store, { ...asked, within: [EVERYTHING] }, limit);
  return images
    .flatMap(({ repository, digest, references }) => references.map((each) => `${repository}@${digest} ${each}`))
    .sort();
}

export async function allKeyImages(store: Store, filter: KeyImagesFilter, limit: number): Promise<KeyImage[]> {
  const images: KeyImage[] = [];
  let after: string | null = null;
  do {
    const page = await store.listKeyImages(filter, { limit, after });
    images.push(...page.items);
    after = page.next;
  } while (after !== null);
  return images;
}
