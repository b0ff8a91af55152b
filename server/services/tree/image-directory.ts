// One image of the tree: the files signature-1, signature-2, … of a directory, and how they become those of the store.
import { LIMITS } from '../../domain/limits.ts';
import { type Found, planRenumbering, type Renumbering } from '../../domain/renumbering.ts';
import type { LiveSignature } from '../../store/port.ts';
import { type Directory, isTemporary } from './directory.ts';

export type Changes = {
  /** Null where there is nothing to do. */
  readonly plan: Renumbering | null;
  /** Names of files: those that are to hold another content than they do, and those that are to go or have gone. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Neither a signature nor ours. */
  readonly others: number;
};

const SIGNATURE = /^signature-([1-9][0-9]*)$/;

/** Compared by content, since neither size nor time of a file says that nobody touched it; reading is what costs least here. */
export function compareImage(directory: Directory, live: readonly LiveSignature[]): Changes {
  const wanted = live.map(({ content }) => content);
  const most = Math.max(0, ...wanted.map(({ length }) => length));
  const found: Found[] = [];
  const beyond: string[] = [];
  let others = 0;
  for (const { name } of directory.entries()) {
    const number = Number(SIGNATURE.exec(name)?.[1] ?? 0);
    if (number > LIMITS.signaturesPerImage) beyond.push(name);
    else if (number > 0) found[number - 1] = placeOf(directory.read(name, most), number - 1, wanted);
    else if (isTemporary(name)) directory.remove(name);
    else others++;
  }
  const all = Array.from(found, (what) => what ?? null);
  const written = wanted.flatMap((_, index) => (all[index] === index ? [] : [nameOf(index + 1)]));
  const surplus = all.flatMap((what, index) => (index >= wanted.length && what !== null ? [nameOf(index + 1)] : []));
  for (const name of beyond) directory.remove(name);
  return {
    plan: written.length + surplus.length > 0 ? planRenumbering(all, wanted.length) : null,
    written,
    removed: [...surplus, ...beyond],
    unchanged: wanted.length - written.length,
    others,
  };
}

function placeOf(content: string | null, index: number, wanted: readonly string[]): Found {
  if (content === null) return 'foreign';
  if (content === wanted[index]) return index;
  const place = wanted.indexOf(content);
  return place === -1 ? 'foreign' : place;
}

/** All but the removals that linger. */
export async function changeImage(
  directory: Directory,
  { hidden, puts, removals, linger }: Renumbering,
  live: readonly LiveSignature[],
): Promise<void> {
  for (const number of hidden) directory.remove(nameOf(number));
  for (const { number, wanted } of puts) await directory.put(nameOf(number), live[wanted]?.content ?? '');
  // No file goes before those that replace it would survive a power cut.
  await directory.sync();
  if (linger) return;
  removeNumbers(directory, removals);
  await directory.sync();
}

export function removeNumbers(directory: Directory, numbers: readonly number[]): void {
  for (const number of numbers) directory.remove(nameOf(number));
}

function nameOf(number: number): string {
  return `signature-${number}`;
}
