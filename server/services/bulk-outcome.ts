// What became of each signature of many: beside what intake says of it, whether the same one came before in the same run.
import { type AppError, toAppError } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Note } from '../domain/signature.ts';
import { formatImage, type Slot } from '../domain/slot.ts';
import { requireNumber } from '../store/signature-rules.ts';
import type { Outcome, Verdict } from './intake.ts';

export type Placed = { readonly slot: Slot; readonly signer: Fingerprint; readonly notes: readonly Note[] };

export type BulkOutcome =
  /** `duplicate`: the same signature, in whatever encoding, as one before it. `acceptable`: would be stored. */
  | ({ readonly status: 'stored' | 'exists' | 'duplicate' | 'acceptable' } & Placed)
  | { readonly status: 'refused'; readonly error: AppError };

type Acceptable = Extract<Verdict, { status: 'acceptable' }>;
type There = Extract<Outcome, { status: 'stored' | 'exists' }> | Extract<Verdict, { status: 'exists' }>;

/** In the order of the entries. */
export function createSettle(): (result: Outcome | Verdict) => BulkOutcome {
  const isNew = createSeenIds();
  const rehearse = createRehearsal();
  return (result) => {
    if (result.status === 'refused') return { status: 'refused', error: result.error };
    if (result.status === 'acceptable') return rehearse(result);
    const id = 'signature' in result ? result.signature.id : result.id;
    return { status: isNew(id) ? result.status : 'duplicate', ...placedOf(result) };
  };
}

function placedOf(result: There): Placed {
  if ('slot' in result) return { slot: result.slot, signer: result.signer, notes: result.notes };
  const { repository, digest, number, signer, notes } = result.signature;
  return { slot: { repository, digest, number: number ?? 0 }, signer, notes };
}

/**
 * Verdicts are given for each signature by itself, as if those before it had not come. What came before it for the same
 * image is remembered here; of other images nothing is, so that a tree may have any number of them.
 */
function createRehearsal(): (verdict: Acceptable) => BulkOutcome {
  let image = '';
  let planned = new Map<string, Slot>();

  return ({ image: { repository, digest }, number, examined: { identity, signer, notes } }) => {
    const name = formatImage({ repository, digest });
    if (name !== image) planned = new Map();
    image = name;
    const key = Buffer.from(identity).toString('hex');
    const before = planned.get(key);
    if (before) return { status: 'duplicate', slot: before, signer, notes };
    const slot = { repository, digest, number: number + planned.size };
    try {
      requireNumber(null, slot.number, repository);
    } catch (error) {
      return { status: 'refused', error: toAppError(error) };
    }
    planned.set(key, slot);
    return { status: 'acceptable', slot, signer, notes };
  };
}

const BITS = 65_536;

/** A bit each, since a tree may hold a million; ids are near each other. */
function createSeenIds(): (id: number) => boolean {
  const pages = new Map<number, Uint8Array>();
  return (id) => {
    const number = Math.floor(id / BITS);
    const page = pages.get(number) ?? new Uint8Array(BITS / 8);
    pages.set(number, page);
    const [at, bit] = [(id % BITS) >> 3, 1 << (id % 8)];
    const bits = page[at] ?? 0;
    page[at] = bits | bit;
    return (bits & bit) === 0;
  };
}
