// Would a runtime accept this image from this store? The question, what of the store answers it, and the answer for each
// reader. What decides is in domain/policy/, which knows neither the store nor OpenPGP.
import type { Digest } from '../domain/digest.ts';
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { DEFAULT_IDENTITY } from '../domain/policy/identity.ts';
import { type Platform, parsePlatforms } from '../domain/policy/manifest.ts';
import { parsePolicy, type Section, sectionFor } from '../domain/policy/policy.ts';
import { type PullReference, parsePullReference } from '../domain/policy/pull-reference.ts';
import { combine, type ReaderVerdict } from '../domain/policy/reader-verdict.ts';
import { GPG_KEYS } from '../domain/policy/requirement.ts';
import { type Principal, READ, requirePermission, requireRepository } from '../domain/principal.ts';
import { DOCKER_HUB, type RepositoryName, readRepository } from '../domain/repository-name.ts';
import type { World } from '../ops/world.ts';
import type { Store } from '../store/port.ts';
import { digestOf } from './manifest-digest.ts';
import type { OpenPgpTasks } from './openpgp-tasks.ts';
import { findDigest } from './verdict-digest.ts';
import { type ImageVerdict, judgeImages } from './verdict-images.ts';
import type { KeyFile } from './verdict-keyrings.ts';

export type { KeyFile } from './verdict-keyrings.ts';

export type VerdictQuestion = {
  /** As a runtime is told it: `quay.io/acme/app:v1`, `quay.io/acme/app@sha256:…`. */
  readonly image: string;
  /** What a tag stands for; null: as the manifest or the newest signature of the tag says. */
  readonly digest: Digest | null;
  /** Where registries.d or a mirror leads to in this store; null: to the image's own name, or through an alias. */
  readonly storedAs: RepositoryName | null;
  /** A policy.json; null: one that asks for the keys, under the default identity. */
  readonly policy: string | null;
  /** The files that the policy names, by path; without a policy the keys to ask for. */
  readonly keys: readonly KeyFile[];
  readonly manifest: Uint8Array | null;
};

export type RuntimeVerdict = ImageVerdict & {
  readonly image: string;
  readonly storedAs: RepositoryName;
  readonly digest: Digest;
  readonly basis: { readonly kind: 'policy' | 'keys' | 'registered-keys'; readonly scope: string | null };
  /** Of an index; null where none was handed over. */
  readonly platforms: readonly (ImageVerdict & Platform)[] | null;
  readonly notes: readonly string[];
};

export type RuntimeVerdicts = { judge(question: VerdictQuestion, principal: Principal): Promise<RuntimeVerdict> };

type Parts = {
  readonly store: Store;
  readonly openPgp: Pick<OpenPgpTasks, 'checkKeyrings'>;
  readonly world: World;
};

export function createRuntimeVerdicts({ store, openPgp, world }: Parts): RuntimeVerdicts {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function judge(question: VerdictQuestion, principal: Principal): Promise<RuntimeVerdict> {
    const pull = parsePullReference(question.image);
    const storedAs = question.storedAs ?? (await leadsTo(store, pull));
    requireRepository(principal, storedAs);
    const section = sectionOf(question, pull);
    const manifest = question.manifest && readManifest(question.manifest);
    const known = knownDigest(question, pull, manifest?.digest ?? null);
    const { digest, notes } = known ? { digest: known, notes: [] } : await findDigest(store, storedAs, pull);
    const listed = manifest?.platforms ?? null;
    const circumstances = { question, section, intended: pull.reference, repository: storedAs, now: world.now() };
    const digests = [digest, ...(listed ?? []).map((platform) => platform.digest)];
    const { images, skipped } = await judgeImages({ store, openPgp }, circumstances, digests);
    const [whole, ...others] = images as [ImageVerdict, ...ImageVerdict[]];
    const platforms = listed?.map((platform, index) => ({ ...platform, ...(others[index] as ImageVerdict) })) ?? null;
    return {
      image: pull.reference.text,
      storedAs,
      digest,
      basis: basisOf(question, section),
      ...whole,
      readers: platforms ? whole.readers.map((verdict) => overall(verdict, platforms)) : whole.readers,
      platforms,
      notes: [...pull.notes, ...notes, ...skipped.map((why) => `a key was left out: ${why}`)],
    };
  }

  return {
    async judge(question, principal) {
      requirePermission(principal, ...READ);
      if (waiting >= LIMITS.verdictsWaiting)
        throw new AppError('INTAKE_BUSY', 'other verdicts are being worked out; try again');
      waiting++;
      const turn = last.then(() => judge(question, principal));
      last = turn.catch(() => {});
      return turn.finally(() => waiting--);
    },
  };
}

/** Where the path of a pull leads to in this store, as reads go. */
async function leadsTo(store: Store, { reference }: PullReference): Promise<RepositoryName> {
  const aliases = await store.currentAliases();
  const path = aliases?.rewrite(`/${reference.repository}`);
  return (path ? readRepository(path.slice(1), DOCKER_HUB) : null) ?? reference.repository;
}

function basisOf({ policy, keys }: VerdictQuestion, { scope }: Section): RuntimeVerdict['basis'] {
  if (policy !== null) return { kind: 'policy', scope };
  return { kind: keys.length > 0 ? 'keys' : 'registered-keys', scope: null };
}

/** Without a policy: one of these keys, as most policies ask. */
function sectionOf({ policy, keys }: VerdictQuestion, pull: PullReference): Section {
  if (policy === null) {
    const paths = keys.map(({ path }) => path);
    const signedBy = { type: 'signedBy', keyType: GPG_KEYS, keys: { kind: 'paths', paths } } as const;
    return { scope: null, requirements: [{ ...signedBy, identity: DEFAULT_IDENTITY }] };
  }
  const section = sectionFor(parsePolicy(policy), pull);
  if (section.requirements.length > LIMITS.verdictKeyrings)
    throw new AppError(
      'POLICY_INVALID',
      `more than ${LIMITS.verdictKeyrings} requirements for one scope are not evaluated`,
    );
  return section;
}

type Manifest = { readonly digest: Digest; readonly platforms: readonly Platform[] | null };

function readManifest(untrustedBytes: Uint8Array): Manifest {
  if (untrustedBytes.length > LIMITS.manifestBytes)
    throw new AppError('MANIFEST_INVALID', `a manifest of more than ${LIMITS.manifestBytes} bytes`);
  return { digest: digestOf(untrustedBytes), platforms: parsePlatforms(Buffer.from(untrustedBytes).toString('utf8')) };
}

/** Whatever says which manifest it is must say the same. */
function knownDigest(
  { digest }: VerdictQuestion,
  { reference }: PullReference,
  ofManifest: Digest | null,
): Digest | null {
  const bySha512 = reference.digest !== null && !reference.digest.startsWith('sha256:');
  if (bySha512 && ofManifest === null)
    throw new AppError(
      'DIGEST_INVALID',
      'runtimes look for the SHA-256 of the manifest; hand the manifest over as well',
    );
  const said = [bySha512 ? null : (reference.digest as Digest | null), digest, ofManifest].filter(
    (known) => known !== null,
  );
  const [first = null, ...others] = said;
  const other = others.find((known) => known !== first);
  if (other === undefined) return first;
  if (ofManifest !== null && other === ofManifest)
    throw new AppError(
      'MANIFEST_INVALID',
      `the manifest is that of ${ofManifest}, not of ${first}; its bytes must be exact`,
    );
  throw new AppError('REQUEST_INVALID', `${first} and ${other} are two digests; say one`);
}

/** Portieris and OpenShift look at the index itself, all others at the image of their platform (protocol.md §1.2, §5, §6). */
function overall(verdict: ReaderVerdict, platforms: readonly (ImageVerdict & Platform)[]): ReaderVerdict {
  const { reader } = verdict;
  if (reader === 'portieris' || reader === 'cvo') return verdict;
  return combine(
    reader,
    platforms.map(({ name, readers }) => ({
      name,
      verdict: readers.find((one) => one.reader === reader) as ReaderVerdict,
    })),
  );
}
