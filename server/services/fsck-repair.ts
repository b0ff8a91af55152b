// `lookaside fsck` as a whole: the check, and with --repair what can be made anew, and then whether that helped.
import { type Finding, kindOf } from '../domain/finding.ts';
import type { Actor } from '../domain/principal.ts';
import type { World } from '../ops/world.ts';
import { openReader, openWriter, storeError } from '../store/database.ts';
import { repair } from '../store/fsck/repairs.ts';
import { requireStore, type StorePlace } from './backup.ts';
import { checkStore, type Listener, structureChecks, type Verdict } from './fsck.ts';

export type FsckRequest = Listener & { readonly actor: Actor; readonly repair: boolean };

export type Checked = Verdict & {
  /** What was done, one line each. */
  readonly repaired: readonly string[];
  /** Why nothing was, though something could have been. */
  readonly unrepaired: string | null;
};

export function createFsck(place: StorePlace, world: World) {
  return async ({ actor, repair: wanted, onFinding, onProgress }: FsckRequest): Promise<Checked> => {
    requireStore(place.path);
    const repairable: Finding[] = [];
    let damaged = false;
    const verdict = await checkStore(place, {
      onProgress,
      onFinding(finding) {
        if (kindOf(finding).repairable) repairable.push(finding);
        damaged ||= DAMAGE.test(finding.code);
        onFinding(finding);
      },
    });
    const untouched = { ...verdict, repaired: [], unrepaired: null };
    // Writing into a file whose pages are lost may lose more, and an index may be the last that knows of a row.
    if (wanted && damaged)
      return { ...untouched, unrepaired: 'nothing was repaired, since rows or pages are lost: restore a backup' };
    if (!wanted || repairable.length === 0) return untouched;
    const repaired = mend(place, repairable, { actor, at: world.now(), migrations: place.migrations });
    const faults = verdict.faults - repairable.length + (await stillWrong(place, onFinding));
    return { ...verdict, faults, repaired, unrepaired: null };
  };
}

const DAMAGE = /^(?:file\.damaged|row\.|signature\.missing|audit\.broken)/;

function mend({ path }: StorePlace, findings: readonly Finding[], act: Parameters<typeof repair>[2]): string[] {
  const db = openWriter(path);
  try {
    return repair(db, findings, act);
  } catch (error) {
    throw storeError(error);
  } finally {
    db.close();
  }
}

async function stillWrong({ path, migrations }: StorePlace, onFinding: (finding: Finding) => void): Promise<number> {
  const db = openReader(path);
  let left = 0;
  const emit = (finding: Finding) => {
    if (!kindOf(finding).repairable) return; // told before
    left++;
    onFinding(finding);
  };
  try {
    for (const [, check] of structureChecks(db, migrations)) await check(emit, () => {});
    return left;
  } finally {
    db.close();
  }
}
