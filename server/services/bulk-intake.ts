// Many signatures from this machine, a tree or a bundle, into the store: through intake like any upload, in batches that
// verify side by side and are appended one after the other, each in one commit. So the order of the source is the order
// of acceptance, whatever ends the process leaves a beginning of it, and doing it again goes on from there.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppError, ErrorCode } from '../domain/errors.ts';
import type { Principal } from '../domain/principal.ts';
import { type BulkOutcome, createSettle } from './bulk-outcome.ts';
import type { Intake, Outcome, Upload, Verdict } from './intake.ts';

export type Entry = {
  readonly bytes: Uint8Array;
  /** Lookaside path, with or without its number, or null to take the image from the claim. */
  readonly target: string | null;
};

export type Taken<E extends Entry> = { readonly entry: E; readonly outcome: BulkOutcome };
export type TakeOptions = { readonly principal: Principal; readonly dryRun?: boolean };

export type BulkIntake = {
  /**
   * One outcome per entry, in order; an entry may carry whatever its source wants back. Whoever wants to stop ends the
   * source: what it has given is still taken. Throws for a fault of the store, and what the source throws, when all that
   * was under way has ended and its outcomes were given.
   */
  take<E extends Entry>(entries: AsyncIterable<E>, options: TakeOptions): AsyncGenerator<Taken<E>>;
};

/** Signatures in one commit. It keeps another writer waiting for some hundredths of a second. */
const BATCH = 256;
const BATCH_BYTES = 2 * 1024 * 1024;
/** Enough that no verification worker waits for a commit, or for files to be read. */
const AT_ONCE = 3;
/** Faults that pass by themselves; the database waits for five seconds by itself before it is one. */
const PASSING: readonly ErrorCode[] = ['STORE_BUSY', 'INTAKE_BUSY'];
const WAITS_MS = [1_000, 2_000, 4_000, 8_000];

export function createBulkIntake(intake: Intake): BulkIntake {
  return {
    async *take<E extends Entry>(entries: AsyncIterable<E>, { principal, dryRun = false }: TakeOptions) {
      const settle = createSettle();
      const underWay: { readonly batch: readonly E[]; readonly results: Promise<readonly Result[]> }[] = [];
      let turn: Promise<unknown> = Promise.resolve();

      function start(batch: readonly E[]): void {
        const uploads = batch.map(({ bytes, target }) => ({ bytes, target, number: null }));
        const before = turn;
        const results = persistently(uploads, (some) =>
          dryRun ? intake.check(some, principal) : intake.accept(some, principal, before),
        );
        results.catch(() => {}); // whoever takes it up gets it
        turn = results;
        underWay.push({ batch, results });
      }

      async function* finishOne(): AsyncGenerator<Taken<E>> {
        const next = underWay.shift();
        const results = (await next?.results) ?? [];
        for (const [index, result] of results.entries())
          yield { entry: next?.batch[index] as E, outcome: settle(result) };
      }

      try {
        for await (const batch of batched(entries)) {
          start(batch);
          if (underWay.length === AT_ONCE) yield* finishOne();
        }
        while (underWay.length > 0) yield* finishOne();
      } catch (error) {
        // A broken source; after a fault of the store the next batch throws the same.
        while (underWay.length > 0) yield* finishOne();
        throw error;
      } finally {
        await Promise.allSettled(underWay.map(({ results }) => results));
      }
    },
  };
}

type Result = Outcome | Verdict;

/** Throws what is no verdict on a signature, once trying again has not helped. */
async function persistently(
  uploads: readonly Upload[],
  look: (uploads: readonly Upload[]) => Promise<Result[]>,
): Promise<readonly Result[]> {
  const results = await look(uploads);
  for (const wait of WAITS_MS) {
    const again = results.flatMap((result, index) => (faultOf(result, isPassing) ? [index] : []));
    if (again.length === 0) break;
    await sleep(wait);
    const repeated = await look(again.map((index) => uploads[index] as Upload));
    for (const [position, index] of again.entries()) results[index] = repeated[position] as Result;
  }
  const fault = results.map((result) => faultOf(result, isFault)).find((error) => error !== null);
  if (fault) throw fault;
  return results;
}

function faultOf(result: Result, is: (error: AppError) => boolean): AppError | null {
  return result.status === 'refused' && is(result.error) ? result.error : null;
}

function isPassing({ code }: AppError): boolean {
  return PASSING.includes(code);
}

/** INTERNAL is none: a file that this program stumbles over must not keep all others out. */
function isFault(error: AppError): boolean {
  return isPassing(error) || error.code.startsWith('STORE_');
}

async function* batched<E extends Entry>(entries: AsyncIterable<E>): AsyncGenerator<readonly E[]> {
  let batch: E[] = [];
  let bytes = 0;
  for await (const entry of entries) {
    if (batch.length === BATCH || (batch.length > 0 && bytes + entry.bytes.length > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += entry.bytes.length;
  }
  if (batch.length > 0) yield batch;
}
