// What a bundle holds and in which order: a list of hashes of all that follows, facts about the store, keys, signatures.
//
//   SHA256SUMS                                             as sha256sum(1) writes and checks it
//   bundle.json                                            the facts
//   keys/<fingerprint>.asc                                 every registered key
//   signatures/<repository>@sha256=<hex>/signature-<n>     every live signature: the tree of `lookaside export`
//
// The order is total, so a file can be there once only, and whether one is missing is seen where it should be.
import { z } from 'zod';
import { quote } from '../../domain/errors.ts';
import type { Fingerprint } from '../../domain/fingerprint.ts';
import { KEY_STATES } from '../../domain/key.ts';
import { LIMITS } from '../../domain/limits.ts';
import { DOCKER_HUB, readRepository } from '../../domain/repository-name.ts';
import { formatImage, type Image, parseTarget } from '../../domain/slot.ts';
import { malformed } from './malformed.ts';

export const SUMS = 'SHA256SUMS';
export const FACTS = 'bundle.json';

const VERSION = 1;

const schema = z.strictObject({
  format: z.literal('lookaside bundle'),
  version: z.literal(VERSION),
  /** Of the store, when the bundle was made: `audit verify --known` there says what has happened since. */
  audit: z.strictObject({ seq: z.number(), hash: z.string() }),
  images: z.number(),
  signatures: z.number(),
  keys: z.array(
    z.strictObject({
      fingerprint: z.string().regex(/^[0-9A-F]{40}$/),
      name: z.string().max(LIMITS.nameLength),
      state: z.enum(KEY_STATES),
      /** Why it is revoked. */
      reason: z.string().nullable(),
      scopes: z.array(z.string()).min(1).max(LIMITS.scopesPerGrant),
    }),
  ),
});

export type Facts = Omit<z.infer<typeof schema>, 'format' | 'version'>;
export type BundledKey = Facts['keys'][number];

export function formatFacts(facts: Facts): Buffer {
  return Buffer.from(`${JSON.stringify({ format: 'lookaside bundle', version: VERSION, ...facts }, null, 2)}\n`);
}

export function parseFacts(bytes: Uint8Array): Facts {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const { format: _, version: __, ...facts } = schema.parse(JSON.parse(text));
    // Members that are there twice, or in another order, are no facts of ours.
    if (formatFacts(facts).equals(bytes)) return facts;
  } catch {}
  const newer = /^\{\s+"format": "lookaside bundle",\s+"version": (\d+)/.exec(text)?.[1] ?? VERSION;
  if (Number(newer) > VERSION)
    throw malformed(`it has version ${newer}, and this program reads version ${VERSION}; use a newer one`);
  throw malformed(`${FACTS} is not as \`lookaside bundle create\` writes it`);
}

export type Part =
  | { readonly kind: 'facts' }
  | { readonly kind: 'key'; readonly fingerprint: Fingerprint }
  | { readonly kind: 'signature'; readonly image: Image; readonly number: number };

/** No file of its kind is longer; what is, is not read. */
export const MOST_BYTES: Record<Part['kind'], number> = {
  facts: 16 * 1024 * 1024,
  key: LIMITS.keyFileBytes,
  signature: LIMITS.signatureBytesCeiling,
};

export function formatPath(part: Part): string {
  if (part.kind === 'facts') return FACTS;
  if (part.kind === 'key') return `keys/${part.fingerprint}.asc`;
  return `signatures/${formatImage(part.image)}/signature-${part.number}`;
}

export function parsePath(path: string): Part {
  if (path === FACTS) return { kind: 'facts' };
  const [, fingerprint] = /^keys\/([0-9A-F]{40})\.asc$/.exec(path) ?? [];
  if (fingerprint !== undefined) return { kind: 'key', fingerprint: fingerprint as Fingerprint };
  const [, repository = '', hex, number] =
    /^signatures\/([^@]+)@sha256=([0-9a-f]{64})\/signature-([1-9][0-9]{0,2})$/.exec(path) ?? [];
  if (repository === '' || readRepository(repository, DOCKER_HUB) !== repository)
    throw malformed(`${quote(path)} is no name of a file in a bundle`);
  const image = parseTarget(`${repository}@sha256=${hex}`, DOCKER_HUB);
  return { kind: 'signature', image, number: Number(number) };
}

/** Throws unless `next` may follow directly. */
export function requireOrder(last: Part | null, next: Part): void {
  if (last === null ? next.kind === 'facts' : follows(last, next)) return;
  const after = last === null ? '' : ` after ${quote(formatPath(last))}`;
  throw malformed(`${quote(formatPath(next))}${after} is there twice, out of order or behind a gap`);
}

function follows(last: Part, next: Part): boolean {
  if (next.kind === 'facts') return false;
  if (next.kind === 'key') return last.kind === 'facts' || (last.kind === 'key' && last.fingerprint < next.fingerprint);
  if (last.kind !== 'signature') return next.number === 1;
  const order = compareImages(last.image, next.image);
  return order === 0 ? next.number === last.number + 1 : order < 0 && next.number === 1;
}

function compareImages(one: Image, other: Image): number {
  const [a, b] = one.repository === other.repository ? [one.digest, other.digest] : [one.repository, other.repository];
  return a === b ? 0 : a < b ? -1 : 1;
}
