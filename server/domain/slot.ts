// The lookaside path, and the single owner of its grammar (docs/protocol.md, "The path"):
//
//   <repository>@sha256=<64 hex>/signature-<n>     a slot
//   [<prefix>/]sha256=<64 hex>/signature-<n>       the same by digest alone, OpenShift's layout
//
// A name stands for a repository in two steps: an alias that it begins with is put right, and then the registry and
// `library/` are added where they are missing. Whoever gives no aliases reads names as the store itself writes them.
//
// Everything here faces the open network on the hot path: nonsense is null, never an exception.
import type { AliasTable } from './alias.ts';
import { type Digest, digestHex, parseDigest } from './digest.ts';
import { AppError, quote } from './errors.ts';
import { LIMITS } from './limits.ts';
import {
  DOCKER_HUB,
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
export function readLookasidePath(
  path: string,
  defaultRegistry: Registry,
  aliases: AliasTable | null = null,
): LookasidePath | null {
  const text = plainPath(path);
  const match = text === null ? null : PATH.exec(text);
  if (!match) return null;
  const head = unaliased(match[1] as string, aliases);
  const digest = `sha256:${match[2]}` as Digest;
  const number = Number(match[3]);
  if (head.endsWith('@')) {
    const repository = readRepository(head.slice(0, -1), defaultRegistry);
    if (repository === null || number > LIMITS.signaturesPerImage) return null;
    return { kind: 'slot', slot: { repository, digest, number } };
  }
  return number > LIMITS.signaturesByDigest ? null : readDigestSlot(head, digest, number, defaultRegistry);
}

function unaliased(name: string, aliases: AliasTable | null): string {
  return aliases?.rewrite(`/${name}`)?.slice(1) ?? name;
}

/** Whether an alias has taken the address of a repository: what is read there is of another. */
export function isHidden(repository: RepositoryName, aliases: AliasTable | null): boolean {
  const name = unaliased(repository, aliases);
  return name !== repository && readRepository(name, DOCKER_HUB) !== repository;
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
export function plainPath(path: string): string | null {
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
export function parseTarget(text: string, defaultRegistry: Registry, aliases: AliasTable | null = null): Image {
  // No `@` in a repository, so there is one way to match and a long text costs no more than its length.
  const match =
    text.length > LIMITS.targetLength
      ? null
      : /^([^@]+)@sha256[=:]([0-9a-f]{64})(?:\/signature-[1-9][0-9]*)?$/.exec(text);
  if (!match)
    throw new AppError('TARGET_INVALID', `target ${quote(text)} is not <repository>@sha256=<64 hex>[/signature-N]`);
  const name = (match[1] as string).replace(/\/+/g, '/').replace(/^\//, '');
  return {
    repository: parseRepository(unaliased(name, aliases), defaultRegistry),
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
