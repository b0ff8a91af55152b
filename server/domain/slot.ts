// The lookaside path, and the single owner of its grammar (docs/protocol.md, "The path"):
//
//   <repository>@sha256=<64 hex>/signature-<n>     a slot
//   [<prefix>/]sha256=<64 hex>/signature-<n>       the same by digest alone, OpenShift's layout
//
// Everything here faces the open network on the hot path: nonsense is null, never an exception.
import { type Digest, digestHex, parseDigest } from './digest.ts';
import { AppError, quote } from './errors.ts';
import { LIMITS } from './limits.ts';
import {
  isPathComponent,
  isRegistryHost,
  parseRepository,
  type Registry,
  type RepositoryName,
  readRepository,
  splitRegistry,
} from './repository-name.ts';

export type Image = { readonly repository: RepositoryName; readonly digest: Digest };
export type Slot = Image & { readonly number: number };

/** Which repositories a by-digest path covers: one that has this name, and all below this prefix. */
export type DigestSlot = {
  readonly repository: RepositoryName | null;
  /** Registry-qualified, without a trailing slash; '' covers the whole store. */
  readonly prefix: string;
  readonly digest: Digest;
  readonly number: number;
};

export type LookasidePath =
  | { readonly kind: 'slot'; readonly slot: Slot }
  | { readonly kind: 'digest'; readonly slot: DigestSlot };

const PATH = /^(.*)sha256=([0-9a-f]{64})\/signature-([1-9][0-9]{0,2})$/s;

/** Reads the path of a request target, without its query. Null means: answer 404. */
export function readLookasidePath(path: string, defaultRegistry: Registry): LookasidePath | null {
  const text = plainPath(path);
  const match = text === null ? null : PATH.exec(text);
  if (!match) return null;
  const head = match[1] as string;
  const digest = `sha256:${match[2]}` as Digest;
  const number = Number(match[3]);
  if (head.endsWith('@')) {
    const repository = readRepository(head.slice(0, -1), defaultRegistry);
    if (repository === null || number > LIMITS.signaturesPerImage) return null;
    return { kind: 'slot', slot: { repository, digest, number } };
  }
  return number > LIMITS.signaturesByDigest ? null : readDigestSlot(head, digest, number, defaultRegistry);
}

function readDigestSlot(head: string, digest: Digest, number: number, defaultRegistry: Registry): LookasidePath | null {
  if (head === '') return { kind: 'digest', slot: { repository: null, prefix: '', digest, number } };
  if (!head.endsWith('/')) return null;
  const name = head.slice(0, -1);
  // A registry alone is a prefix; splitRegistry sees one only before a slash.
  const { registry, path } = splitRegistry(head, defaultRegistry);
  const components = path === '' ? [] : path.slice(0, -1).split('/');
  if (!isRegistryHost(registry) || !components.every(isPathComponent)) return null;
  const repository = components.length === 0 ? null : readRepository(name, defaultRegistry);
  return { kind: 'digest', slot: { repository, prefix: [registry, ...components].join('/'), digest, number } };
}

/** Percent-decoded once, repeated slashes collapsed, without the first; null for what no client means. */
function plainPath(path: string): string | null {
  let text = path;
  if (text.includes('%')) {
    // An encoded slash would let a name hide a component boundary from whoever filters in front of us.
    if (/%(?:2f|5c|00)/i.test(text)) return null;
    try {
      text = decodeURIComponent(text);
    } catch {
      return null;
    }
  }
  if (text.includes('//')) text = text.replace(/\/{2,}/g, '/');
  return text.startsWith('/') ? text.slice(1) : null;
}

/** What an uploader names: a lookaside path with or without its `/signature-N`. */
export function parseTarget(text: string, defaultRegistry: Registry): Image {
  // No `@` in a repository, so there is one way to match and a long text costs no more than its length.
  const match =
    text.length > LIMITS.targetLength
      ? null
      : /^([^@]+)@sha256[=:]([0-9a-f]{64})(?:\/signature-[1-9][0-9]*)?$/.exec(text);
  if (!match)
    throw new AppError('TARGET_INVALID', `target ${quote(text)} is not <repository>@sha256=<64 hex>[/signature-N]`);
  return {
    repository: parseRepository((match[1] as string).replace(/\/+/g, '/').replace(/^\//, ''), defaultRegistry),
    digest: parseDigest(`sha256:${match[2]}`),
  };
}

/** `<repository>@sha256=<hex>`: the target of an upload, and the subject of an audit event. */
export function formatImage(image: Image): string {
  return `${image.repository}@sha256=${digestHex(image.digest)}`;
}

/** Inverse of readLookasidePath for slots. */
export function formatSlot(slot: Slot): string {
  return `/${formatImage(slot)}/signature-${slot.number}`;
}
