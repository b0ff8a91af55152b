// What an import found, counted and grouped, with the first few files of each group: what a person acts on, in memory
// that does not grow with the tree.
import type { ErrorCode } from '../../domain/errors.ts';
import type { Lint } from './lint.ts';

export type FindingCode = ErrorCode | Lint['code'] | 'duplicate' | 'misplaced' | 'skipped';

export type Group = {
  /** The same words for all of them. */
  readonly detail: string;
  readonly count: number;
  /** The first ones. */
  readonly examples: readonly string[];
};

export type Finding = {
  readonly code: FindingCode;
  /** Files, or for what is said of an image, images. */
  readonly count: number;
  /** The largest first. Where too many differ, not all are in a group. */
  readonly groups: readonly Group[];
};

export type Findings = {
  add(code: FindingCode, detail: string, path: string): void;
  list(): Finding[];
};

const EXAMPLES = 3;
/** What people read first, the refusals after it. */
const ORDER: readonly FindingCode[] = ['skipped', 'duplicate', 'gap', 'overfull', 'misplaced'];
/** Refusals that quote what is in a file differ from file to file; those that name a key are as many as there are keys. */
const [GROUPS, KEYS] = [10, 200];

type Counting = { count: number; readonly groups: Map<string, { count: number; readonly examples: string[] }> };

export function createFindings(): Findings {
  const found = new Map<FindingCode, Counting>();
  return {
    add(code, detail, path) {
      const finding = found.get(code) ?? { count: 0, groups: new Map() };
      found.set(code, finding);
      finding.count++;
      const most = code.startsWith('KEY_') ? KEYS : GROUPS;
      const group = finding.groups.get(detail) ?? { count: 0, examples: [] };
      if (group.count === 0 && finding.groups.size >= most) return;
      finding.groups.set(detail, group);
      group.count++;
      if (group.examples.length < EXAMPLES) group.examples.push(path);
    },
    list: () =>
      [...found]
        .map(([code, { count, groups }]) => ({
          code,
          count,
          groups: [...groups].map(([detail, group]) => ({ detail, ...group })).sort((a, b) => b.count - a.count),
        }))
        .sort((a, b) => rank(a.code) - rank(b.code) || b.count - a.count),
  };
}

function rank(code: FindingCode): number {
  const at = ORDER.indexOf(code);
  return at < 0 ? ORDER.length : at;
}
