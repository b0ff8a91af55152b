// The manifest of an image as its registry serves it: whether it is an index, and what for. Its digest is the caller's to
// compute; nothing in it is believed but the list of platforms.
import { type Digest, parseDigest } from '../digest.ts';
import { AppError } from '../errors.ts';
import { LIMITS } from '../limits.ts';

export type Platform = { readonly name: string; readonly digest: Digest };

/** The platforms of an index, null for the manifest of one image. Throws MANIFEST_INVALID. */
export function parsePlatforms(untrustedText: string): readonly Platform[] | null {
  // Attestations stand in an index as images of no platform, and no runtime pulls them.
  return parseInstances(untrustedText)?.filter(({ name }) => name !== 'unknown/unknown') ?? null;
}

/** All that an index names, attestations too: whoever copies all of it asks for a signature of each. */
export function parseInstances(untrustedText: string): readonly Platform[] | null {
  let top: unknown;
  try {
    top = JSON.parse(untrustedText);
  } catch (cause) {
    throw new AppError(
      'MANIFEST_INVALID',
      'the manifest is not JSON; `skopeo inspect --raw docker://IMAGE` prints it',
      {
        cause,
      },
    );
  }
  const { manifests, config, layers, fsLayers } = record(top);
  if (manifests === undefined) {
    if (config === undefined && layers === undefined && fsLayers === undefined)
      throw new AppError('MANIFEST_INVALID', 'neither the manifest of an image nor an index of several');
    return null;
  }
  if (!Array.isArray(manifests)) throw new AppError('MANIFEST_INVALID', 'the list `manifests` is none');
  if (manifests.length > LIMITS.indexManifests)
    throw new AppError('MANIFEST_INVALID', `more than ${LIMITS.indexManifests} manifests in one index`);
  return manifests.map(platform);
}

function platform(entry: unknown): Platform {
  const { digest, platform } = record(entry);
  const { os, architecture, variant } = record(platform ?? {});
  const name = [os, architecture, variant].filter((part) => typeof part === 'string' && part !== '').join('/');
  try {
    return { name: name.slice(0, LIMITS.nameLength) || 'no platform', digest: parseDigest(String(digest)) };
  } catch (cause) {
    throw new AppError('MANIFEST_INVALID', 'an entry of the index has no SHA-256 digest', { cause });
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError('MANIFEST_INVALID', 'the manifest is not an object, or an entry of it is none');
  return value as Record<string, unknown>;
}
