// Intake: how bytes of a stranger become a served signature. One pipeline for every way in (multipart, raw body, PUT,
// a tree on this machine), readable from top to bottom in `prepare` and `accept`; each step can refuse, and the first refusal is the
// answer for that signature.
import type { AliasTable } from '../domain/alias.ts';
import { AppError, describeCause, fromFailure, toAppError } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { type IntakeStep, stepOf } from '../domain/intake-step.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Principal, requirePermission, requireRepository, requireSigner } from '../domain/principal.ts';
import type { Registry, RepositoryName } from '../domain/repository-name.ts';
import { attest, type Examined, type Note, type VerifiedSignature } from '../domain/signature.ts';
import { type Image, isHidden, parseTarget, type Slot } from '../domain/slot.ts';
import type { Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { InTurn } from '../ops/turns.ts';
import type { World } from '../ops/world.ts';
import type { Store, StoredSignature } from '../store/port.ts';
import { requireNotEnded, requireNumber } from '../store/signature-rules.ts';
import type { Finding, Untrusted } from './examine-batch.ts';
import type { OpenPgpPool } from './openpgp-pool.ts';
import type { Refusals } from './refusals.ts';

export type Upload = {
  readonly bytes: Uint8Array;
  /** Lookaside path as the uploader wrote it, or null to take the image from the claim. */
  readonly target: string | null;
  /** The number the uploader insists on (PUT only). */
  readonly number: number | null;
};

/** Refusals that say nothing about the signature. */
const OUR_FAULT = /^(?:STORE_|INTAKE_|INTERNAL)/;

type Accepted = {
  readonly slot: Slot;
  readonly id: number;
  readonly signer: Fingerprint;
  readonly notes: readonly Note[];
};
export type Outcome =
  | ({ readonly status: 'stored' | 'exists' } & Accepted)
  | { readonly status: 'refused'; readonly error: AppError };

export type Verdict =
  | {
      readonly status: 'acceptable';
      readonly image: Image;
      /** That it would get. */
      readonly number: number;
      readonly examined: Examined;
      readonly signerName: string;
    }
  | { readonly status: 'exists'; readonly image: Image; readonly signature: StoredSignature }
  | { readonly status: 'refused'; readonly error: AppError; readonly step: IntakeStep | null };

/** An upload that may be looked at, or what speaks against it before that. */
type Begun = { readonly untrusted: Untrusted } | { readonly refused: AppError; readonly step: IntakeStep | null };

/** A signature whose bytes are being served already, or one that all rules hold for. */
type Prepared =
  | { readonly known: StoredSignature }
  | { readonly verified: VerifiedSignature }
  | { readonly refused: AppError; readonly step: IntakeStep | null };

type Asking = { readonly principal: Principal; readonly aliases: AliasTable | null };

export type Intake = {
  /**
   * One outcome per upload, in order. Throws only for what concerns the whole request. Appends nothing before `turn`, so that
   * of several calls all are verified at once and appended one after the other; where that was in vain, throws the same.
   */
  accept(uploads: readonly Upload[], principal: Principal, turn?: Promise<unknown>): Promise<Outcome[]>;
  /** The same without storing. */
  check(uploads: readonly Upload[], principal: Principal): Promise<Verdict[]>;
};

type Parts = {
  readonly store: Store;
  readonly openPgp: Pick<OpenPgpPool, 'examineAll'>;
  readonly defaultRegistry: Registry;
  readonly maxSignatureBytes: number;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly metrics: Pick<Metrics, 'upload'>;
  readonly inTurn: InTurn;
  readonly log: Log;
  readonly world: World;
};

export function createIntake({
  store,
  openPgp,
  defaultRegistry,
  maxSignatureBytes,
  refusals,
  metrics,
  log,
  world,
  inTurn,
}: Parts): Intake {
  /** What can be said without looking at the bytes. */
  function begin({ bytes, target }: Upload, { principal, aliases }: Asking): Begun {
    try {
      requireSize(bytes, maxSignatureBytes);
      const image = target === null ? null : parseTarget(target, defaultRegistry, aliases);
      if (image) requireRepository(principal, image.repository);
      return { untrusted: { bytes, target: image } };
    } catch (error) {
      const refused = toAppError(error);
      // A scope can be missing twice: for the target before anything was read, and for what is claimed.
      return { refused, step: refused.code === 'TOKEN_SCOPE' ? 'target' : stepOf(refused.code) };
    }
  }

  function conclude({ bytes, target }: Untrusted, finding: Finding, { principal, aliases }: Asking): Prepared {
    try {
      if ('failure' in finding) throw fromFailure(finding.failure);
      if ('known' in finding) {
        requireRepository(principal, finding.known.repository);
        requireSigner(principal, finding.known.signer);
        requireVisible(finding.known.repository, aliases);
        return finding;
      }
      const { examined, sha256 } = finding;
      requireRepository(principal, examined.claim.reference.repository);
      requireSigner(principal, examined.signer);
      const verified = attest({ bytes, sha256 }, examined, target);
      requireVisible(verified.repository, aliases);
      return { verified };
    } catch (error) {
      const refused = toAppError(error);
      return { refused, step: stepOf(refused.code) };
    }
  }

  async function prepare(uploads: readonly Upload[], principal: Principal): Promise<Prepared[]> {
    const asking = { principal, aliases: await store.currentAliases() };
    const begun = uploads.map((upload) => begin(upload, asking));
    const untrusted = begun.flatMap((each) => ('untrusted' in each ? [each.untrusted] : []));
    const findings = (await openPgp.examineAll(untrusted, world.now()))[Symbol.iterator]();
    return begun.map((each) => {
      if ('refused' in each) return each;
      const { value } = findings.next() as { value: Finding };
      return conclude(each.untrusted, value, asking);
    });
  }

  async function append(prepared: Prepared, number: number | null, { actor }: Principal): Promise<Outcome> {
    if ('refused' in prepared) return { status: 'refused', error: prepared.refused };
    if ('known' in prepared) return existing(prepared.known);
    const { verified } = prepared;
    try {
      const appended = await store.append({ signature: verified, number, actor, at: world.now() });
      const slot = { repository: verified.repository, digest: verified.digest, number: appended.number };
      const { signer, notes } = verified.examined;
      return { status: appended.status, slot, id: appended.id, signer, notes };
    } catch (error) {
      return { status: 'refused', error: toAppError(error) };
    }
  }

  /** What `append` would say, without appending. */
  async function rehearse(prepared: Prepared, number: number | null): Promise<Verdict> {
    if ('refused' in prepared) return { status: 'refused', error: prepared.refused, step: prepared.step };
    if ('known' in prepared) return { status: 'exists', image: prepared.known, signature: prepared.known };
    const { verified } = prepared;
    try {
      const before = await store.findSignatureByIdentity(verified.examined.identity);
      requireNotEnded(before);
      if (before) return { status: 'exists', image: verified, signature: before };
      const next = (await store.countImage(verified)) + 1;
      requireNumber(number, next, verified.repository);
      const signerName = (await store.findKey(verified.examined.signer))?.name ?? '';
      return { status: 'acceptable', image: verified, number: next, examined: verified.examined, signerName };
    } catch (thrown) {
      const error = toAppError(thrown);
      return { status: 'refused', error, step: stepOf(error.code) };
    }
  }

  /** Without the message, which is for the uploader and may quote what they sent. */
  function reportRefusal({ code, cause }: AppError, actor: Principal['actor']): void {
    if (!OUR_FAULT.test(code)) log.info('signature.refused', { code, actor });
    else log.error('signature.failed', { code, actor, cause: describeCause(cause) });
  }

  function report(outcome: Outcome, upload: Upload | undefined, principal: Principal): void {
    const { actor } = principal;
    metrics.upload(outcome.status === 'refused' ? outcome.error.code : outcome.status);
    if (outcome.status === 'refused') {
      reportRefusal(outcome.error, actor);
      refusals.note(outcome.error, upload?.target ?? null, principal);
    } else if (outcome.status === 'stored') {
      log.info('signature.stored', { ...outcome.slot, id: outcome.id, signer: outcome.signer, actor });
    }
  }

  return {
    async accept(uploads, principal, turn) {
      requirePermission(principal, 'upload');
      const [prepared] = await Promise.all([prepare(uploads, principal), turn]);
      // Appended in the order of the request; the writer may let them share one commit.
      const outcomes = await Promise.all(
        prepared.map((item, index) => append(item, uploads[index]?.number ?? null, principal)),
      );
      await new Promise<void>(inTurn);
      outcomes.forEach((outcome, index) => void report(outcome, uploads[index], principal));
      return outcomes;
    },

    async check(uploads, principal) {
      const prepared = await prepare(uploads, principal);
      return Promise.all(prepared.map((item, index) => rehearse(item, uploads[index]?.number ?? null)));
    },
  };
}

function existing(known: StoredSignature): Outcome {
  const { repository, digest, id, signer, notes } = known;
  return { status: 'exists', slot: { repository, digest, number: known.number ?? 0 }, id, signer, notes };
}

/** What is not read at the address that the answer would name is not stored: the uploader would believe that it is served. */
function requireVisible(repository: RepositoryName, aliases: AliasTable | null): void {
  if (!isHidden(repository, aliases)) return;
  throw new AppError(
    'REPOSITORY_HIDDEN',
    `an alias has taken the address of ${repository}, where its signatures would not be read; sign for what the alias stands for, or ask an admin to remove it`,
  );
}

function requireSize(bytes: Uint8Array, most: number): void {
  if (bytes.length > Math.min(most, LIMITS.signatureBytesCeiling))
    throw new AppError(
      'SIGNATURE_TOO_LARGE',
      `the signature has ${bytes.length} bytes; this store takes up to ${most}`,
    );
}
