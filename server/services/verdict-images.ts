// The verdict on manifests: their signatures out of the store, under the keyrings of the policy, for each reader. All of them
// are put to a worker at once, so that one index costs what one image may.
import type { Digest } from '../domain/digest.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import { identityAccepts, PLAIN_IDENTITIES } from '../domain/policy/identity.ts';
import type { Keyring, Proof } from '../domain/policy/judge.ts';
import type { Section } from '../domain/policy/policy.ts';
import { judgePolicy, judgeRelease, type ReaderVerdict } from '../domain/policy/reader-verdict.ts';
import { READER_IDS } from '../domain/policy/readers.ts';
import type { Requirement } from '../domain/policy/requirement.ts';
import { type Reference, readReference } from '../domain/reference.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import { EVERYTHING, scopesCover } from '../domain/scope.ts';
import type { Store, StoredSignature } from '../store/port.ts';
import type { KeyringAnswer } from './keyring-check.ts';
import type { OpenPgpTasks } from './openpgp-tasks.ts';
import { pagesOf } from './pages.ts';
import { type DemandedKeys, type KeyFile, keyringFiles } from './verdict-keyrings.ts';

export type SignatureFacts = {
  readonly id: number;
  readonly number: number;
  readonly signer: string;
  readonly signerName: string;
  readonly reference: string;
  /** Under which of the identities that need nothing but names it is accepted for this pull. */
  readonly identities: readonly string[];
};

export type ImageVerdict = {
  readonly signatures: readonly SignatureFacts[];
  readonly readers: readonly ReaderVerdict[];
};

export type ImageVerdicts = {
  /** In the order of the digests. */
  readonly images: readonly ImageVerdict[];
  /** Why keys were left out. */
  readonly skipped: readonly string[];
};

type Parts = { readonly store: Store; readonly openPgp: Pick<OpenPgpTasks, 'checkKeyrings'> };
export type Circumstances = {
  readonly question: { readonly policy: string | null; readonly keys: readonly KeyFile[] };
  readonly section: Section;
  readonly intended: Reference;
  readonly repository: RepositoryName;
  readonly now: Instant;
};

type Live = StoredSignature & { readonly number: number };

export async function judgeImages(
  { store, openPgp }: Parts,
  asked: Circumstances,
  digests: readonly Digest[],
): Promise<ImageVerdicts> {
  const { section, repository, now } = asked;
  const live: Live[][] = [];
  for (const digest of digests) live.push(await liveOf(store, repository, digest));
  const signatures = await Promise.all(live.flat().map(({ id }) => store.getBlob(id)));
  const files = keyringFiles(asked.question, section.requirements, await registeredFor(store, live.flat(), repository));
  const answers = await openPgp.checkKeyrings({ signatures, keyrings: files, now });
  let from = 0;
  const images = digests.map((digest, index) => {
    const own = live[index] as Live[];
    const keyrings = answers.map((answer, which) =>
      keyringOf(answer, files[which] as DemandedKeys, [from, own.length]),
    );
    from += own.length;
    return judgeImage(asked, { digest, live: own, keyrings });
  });
  return { images, skipped: [...new Set(answers.flatMap((answer) => answer.skipped))] };
}

function keyringOf(
  answer: KeyringAnswer,
  { unknown }: DemandedKeys,
  [from, count]: readonly [number, number],
): Keyring {
  const own = (proofs: readonly Proof[]) => proofs.slice(from, from + count);
  return { unknown, proofs: own(answer.proofs), simpleProofs: own(answer.simpleProofs) };
}

type Image = { readonly digest: Digest; readonly live: readonly Live[]; readonly keyrings: readonly Keyring[] };

/** The keyrings are those of the requirements in their order, and behind them that of a release. */
function judgeImage({ section, intended, now }: Circumstances, { digest, live, keyrings }: Image): ImageVerdict {
  const demands = section.requirements.map((requirement: Requirement, index) => ({
    requirement,
    keyring: keyrings[index] ?? null,
  }));
  const readers = READER_IDS.map((reader) => {
    const one = { reader, intended, digest, signatures: live, now };
    return reader === 'cvo' ? judgeRelease(keyrings.at(-1) as Keyring, one) : judgePolicy(demands, one);
  });
  return { signatures: live.map((signature) => factsOf(signature, intended)), readers };
}

async function liveOf(store: Store, repository: RepositoryName, digest: Digest): Promise<Live[]> {
  const filter = { repository, digest, state: 'live', within: [EVERYTHING] } as const;
  const live: Live[] = [];
  const pages = pagesOf((before: number | null) => store.listSignatures(filter, { limit: LIMITS.pageRows, before }));
  for await (const page of pages) for (const item of page) if (item.number !== null) live.push(item as Live);
  return live.sort((one, other) => one.number - other.number);
}

/** The registered keys that matter: those that made one of the signatures, and may speak for the repository. */
async function registeredFor(
  store: Store,
  live: readonly Live[],
  repository: RepositoryName,
): Promise<readonly Uint8Array[]> {
  const signers = [...new Set(live.map(({ signer }) => signer))];
  const keys = await Promise.all(signers.map((signer) => store.findKey(signer)));
  return keys.flatMap((key) => (key && scopesCover(key.scopes, repository) ? [key.material] : []));
}

function factsOf({ id, number, signer, signerName, reference }: Live, intended: Reference): SignatureFacts {
  const signed = readReference(reference);
  const identities = PLAIN_IDENTITIES.filter((type) => signed && identityAccepts({ type }, intended, signed));
  return { id, number, signer, signerName, reference, identities };
}
