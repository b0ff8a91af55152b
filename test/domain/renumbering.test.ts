// Every walk, at every moment of every renumbering of small lists, finds what is live before and after.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LIMITS } from '../../server/domain/limits.ts';
import { type Found, planRenumbering } from '../../server/domain/renumbering.ts';

/** What each number holds, from 1 on. */
type Disk = (string | null)[];

/** The disk before, between and after all steps; `over` is the first after which a walk may have lasted too long. */
function states(before: Disk, wanted: readonly string[]): { disks: Disk[]; over: number } {
  const found = before.map((what): Found => {
    if (what === null) return null;
    const place = wanted.indexOf(what);
    return place === -1 ? 'foreign' : place;
  });
  const plan = planRenumbering(found, wanted.length);
  const disks: Disk[] = [[...before]];
  const step = (number: number, what: string | null) => {
    const disk = [...(disks.at(-1) as Disk)];
    while (disk.length < number) disk.push(null);
    disk[number - 1] = what;
    disks.push(disk);
  };
  for (const number of plan.hidden) step(number, null);
  for (const { number, wanted: place } of plan.puts) step(number, wanted[place] as string);
  const over = plan.linger ? disks.length - 1 : disks.length + plan.removals.length;
  for (const number of plan.removals) step(number, null);
  return { disks, over };
}

function walk(disk: Disk): string[] {
  const end = disk.indexOf(null);
  return disk.slice(0, end === -1 ? disk.length : end) as string[];
}

/** Whether some walk that begins at `start` can come to its end without having read `what`. */
function canMiss(disks: readonly Disk[], start: number, what: string): boolean {
  // Of all moments for each number the earliest at which it does not hold `what` leaves most ways open.
  let moment = start;
  for (let number = 1; ; number++) {
    while (moment < disks.length && disks[moment]?.[number - 1] === what) moment++;
    if (moment === disks.length) return false;
    if ((disks[moment]?.[number - 1] ?? null) === null) return true;
    // Reading later may find the end of the list where it now goes on.
    for (let later = moment; later < disks.length; later++)
      if ((disks[later]?.[number - 1] ?? null) === null) return true;
  }
}

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const list = fc.shuffledSubarray(names);
/** Withdrawals and new signatures: the order of acceptance stays. */
const accepted = fc.tuple(fc.subarray(names), fc.subarray(names));

test('a renumbering', async (t) => {
  await t.test('ends with the wanted list and nothing else', () => {
    const disk = fc.array(fc.oneof(fc.constantFrom(...names), fc.constant('foreign'), fc.constant(null)), {
      maxLength: 9,
    });
    fc.assert(
      fc.property(disk, list, (before, after) => {
        const { disks } = states(before, after);
        const end = disks.at(-1) as Disk;
        assert.deepEqual(end.slice(0, after.length), after);
        assert.ok(end.slice(after.length).every((what) => what === null));
      }),
      { numRuns: 3_000 },
    );
  });
  await t.test('does nothing where nothing differs', () => {
    assert.deepEqual(planRenumbering([0, 1, 2], 3), { hidden: [], puts: [], removals: [], linger: false });
  });
  await t.test('shows at each instant all that stays, in a list without a gap', () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const staying = before.filter((what) => after.includes(what));
        const { disks } = states(before, after);
        for (const disk of disks)
          for (const what of staying) assert.ok(walk(disk).includes(what), `${what} is hidden in ${disk}`);
      }),
      { numRuns: 3_000 },
    );
  });
  await t.test('hides what stays from no walk, however slow within the time that is waited', () => {
    fc.assert(
      fc.property(fc.oneof(accepted, fc.tuple(list, list)), ([before, after]) => {
        const { disks, over } = states(before, after);
        const staying = before.filter((what) => after.includes(what));
        // A walk ends before the removals that are waited for, or begins when they are all that is left.
        const early = disks.slice(0, over + 1);
        const late = disks.slice(over);
        for (const what of staying) {
          for (let start = 0; start < early.length; start++)
            assert.ok(!canMiss(early, start, what), `${before} → ${after}: ${what} can be missed`);
          if (late.length > 0) assert.ok(!canMiss(late, 0, what), `${before} → ${after}: ${what} can be missed late`);
        }
      }),
      { numRuns: 3_000 },
    );
  });
  await t.test('waits only where something that stays has moved', () => {
    assert.equal(planRenumbering([0, 1, 'foreign'], 2).linger, false);
    assert.equal(planRenumbering([0, 'foreign', 1], 2).linger, true);
    assert.equal(planRenumbering(['foreign', 'foreign'], 0).linger, false);
  });
  await t.test('never makes a list longer than runtimes read', () => {
    const most = LIMITS.signaturesPerImage;
    const found: Found[] = Array.from({ length: most }, (_, index) => (index === 0 ? 'foreign' : index - 1));
    for (const { number } of planRenumbering(found, most - 1).puts) assert.ok(number <= most);
  });
  await t.test('removes what lies behind a gap before it closes the gap', () => {
    const plan = planRenumbering([0, null, 'foreign', 2], 3);
    assert.deepEqual(plan.hidden, [3, 4]);
    assert.deepEqual(
      plan.puts.map(({ number }) => number),
      [2, 3],
    );
  });
});
