// The verdict on one manifest: its signatures out of the store, under the keyrings of the policy, for each reader.
import type { Digest } from '../domain/digest.ts';
import type { Instant } from '../domain/instant.ts';
import { identityAccepts, PLAIN_IDENTITIES } from '../domain/policy/identity.ts';
import type { Keyring } from '../domain/policy/judge.ts';
import type { Section } from '../domain/policy/policy.ts';
import { judgePolicy, judgeRelease, type ReaderVerdict } from '../domain/policy/reader-verdict.ts';
import { READER_IDS } from '../domain/policy/readers.ts';
import type { KeySource, Requirement } from '../domain/policy/requirement.ts';
import { type Reference, readReference } from '../domain/reference.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import { EVERYTHING, scopesCover } from '../domain/scope.ts';
import type { Store, StoredSignature } from '../store/port.ts';
import type { KeyringAnswer } from './keyring-check.ts';
import type { OpenPgpTasks } from './openpgp-tasks.ts';

/** A file of keys, under the path by which a policy names it. */
export type KeyFile = { readonly path: string; readonly bytes: Uint8Array };

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
  /** Why keys were left out. */
  readonly skipped: readonly string[];
};

export type JudgeImage = (digest: Digest) => Promise<ImageVerdict>;

type Parts = { readonly store: Store; readonly openPgp: Pick<OpenPgpTasks, 'checkKeyrings'> };
type Circumstances = {
  readonly question: { readonly policy: string | null; readonly keys: readonly KeyFile[] };
  readonly section: Section;
  readonly intended: Reference;
  readonly repository: RepositoryName;
  readonly now: Instant;
};

/** Files of one keyring, or why they are not known. */
type Files = { readonly unknown: string | null; readonly files: readonly Uint8Array[] };
type Live = StoredSignature & { readonly number: number };

export function createJudgeImage({ store, openPgp }: Parts, asked: Circumstances): JudgeImage {
  const { question, section, intended, repository, now } = asked;

  async function liveOf(digest: Digest): Promise<Live[]> {
    const filter = { repository, digest, state: 'live', within: [EVERYTHING] } as const;
    const live: Live[] = [];
    let before: number | null = null;
    do {
      const page = await store.listSignatures(filter, { limit: 1_000, before });
      for (const item of page.items) if (item.number !== null) live.push(item as Live);
      before = page.next;
    } while (before !== null);
    return live.sort((one, other) => one.number - other.number);
  }

  /** The registered keys that matter: those that made one of the signatures, and may speak for the repository. */
  async function registered(live: readonly Live[]): Promise<Files> {
    const keys = await Promise.all(
      [...new Set(live.map(({ signer }) => signer))].map((signer) => store.findKey(signer)),
    );
    const files = keys.flatMap((key) => (key && scopesCover(key.scopes, repository) ? [key.material] : []));
    return { unknown: null, files };
  }

  function filesOf(source: KeySource): Files {
    if (source.kind === 'content') return { unknown: null, files: [Buffer.from(source.base64, 'base64')] };
    const found = source.paths.map((path) => question.keys.find((file) => file.path === path)?.bytes ?? path);
    const missing = found.find((file) => typeof file === 'string');
    return {
      unknown: missing === undefined ? null : `its key file ${missing} is not here`,
      files: found.filter((file) => typeof file !== 'string'),
    };
  }

  return async (digest) => {
    const live = await liveOf(digest);
    const blobs = await Promise.all(live.map(({ id }) => store.getBlob(id)));
    const ofStore = await registered(live);
    const handedOver = question.policy === null && question.keys.length > 0;
    const keysOf = (requirement: Requirement): Files | null => {
      if (requirement.type !== 'signedBy') return null;
      return question.policy === null && !handedOver ? ofStore : filesOf(requirement.keys);
    };
    const demands = section.requirements.map((requirement) => ({ requirement, files: keysOf(requirement) }));
    const release = handedOver ? { unknown: null, files: question.keys.map(({ bytes }) => bytes) } : ofStore;
    const files = [...demands.map((demand) => demand.files), release];
    const keyrings = files.map((one) => (one === null ? [] : one.files));
    const answers = await openPgp.checkKeyrings({ signatures: blobs, keyrings, now });
    const keyring = (index: number): Keyring => ({
      unknown: files[index]?.unknown ?? null,
      proofs: (answers[index] as KeyringAnswer).proofs,
    });
    const judged = demands.map(({ requirement }, index) => ({ requirement, keyring: keyring(index) }));
    const readers = READER_IDS.map((reader) => {
      const one = { reader, intended, digest, signatures: live, now };
      return reader === 'cvo' ? judgeRelease(keyring(demands.length), one) : judgePolicy(judged, one);
    });
    const skipped = [...new Set(answers.flatMap((answer) => answer.skipped))];
    return { signatures: live.map((signature) => factsOf(signature, intended)), readers, skipped };
  };
}

function factsOf({ id, number, signer, signerName, reference }: Live, intended: Reference): SignatureFacts {
  const signed = readReference(reference);
  const identities = PLAIN_IDENTITIES.filter((type) => signed && identityAccepts({ type }, intended, signed));
  return { id, number, signer, signerName, reference, identities };
}
