// What is to be signed: the image or index that a reference stands for now, and every image of an index. A node pulls one
// platform and looks for a signature of that one; Portieris and `skopeo copy --all` look for one of the index as well.
import type { Digest } from '../../domain/digest.ts';
import { AppError } from '../../domain/errors.ts';
import { parseInstances } from '../../domain/policy/manifest.ts';
import { formatReference, type Reference } from '../../domain/reference.ts';
import { digestOf } from '../../services/manifest-digest.ts';

export type Manifest = {
  /** For people: “linux/arm64”, “index”; null for an image without an index. */
  readonly part: string | null;
  readonly digest: Digest;
  readonly bytes: Uint8Array;
};

/** Requests to the registry at a time. */
const AT_ONCE = 4;

type Fetch = (reference: string) => Promise<Uint8Array>;

/** `image` by its digest where it has one, otherwise by its tag, which is looked up once. */
export async function findManifests(image: Reference, fetch: Fetch): Promise<Manifest[]> {
  const { repository } = image;
  const bytes = await fetch(formatReference(image.digest === null ? image : { ...image, tag: null }));
  const top = { digest: digestOf(bytes), bytes };
  if (image.digest !== null) requireDigest(image.digest, top.digest);
  const named = parseInstances(Buffer.from(bytes).toString('utf8'));
  if (named === null) return [{ ...top, part: null }];
  // One image may stand for several platforms.
  const instances = [...new Map(named.map((instance) => [instance.digest, instance])).values()];
  const found: Manifest[] = [];
  for (let from = 0; from < instances.length; from += AT_ONCE)
    found.push(
      ...(await Promise.all(
        instances.slice(from, from + AT_ONCE).map(async ({ name, digest }) => {
          const bytes = await fetch(formatReference({ repository, tag: null, digest }));
          requireDigest(digest, digestOf(bytes));
          return { part: name, digest, bytes };
        }),
      )),
    );
  return [{ ...top, part: 'index' }, ...found];
}

function requireDigest(expected: string, found: Digest): void {
  if (expected !== found)
    throw new AppError('MANIFEST_INVALID', `the manifest of ${expected} hashes to ${found}; only SHA-256 is signed`);
}
