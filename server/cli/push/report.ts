// What a push tells people and programs while it runs and at its end. Keeps counts, not results: a tree may be large.
import { counted } from '../count.ts';
import { createProgress } from '../progress.ts';
import { printable, type Terminal } from '../terminal.ts';
import type { OnRetry } from './answer.ts';
import type { PartResult } from './client.ts';

export type Counts = { stored: number; exists: number; refused: number; skipped: number };

export type Report = {
  readonly counts: Readonly<Counts>;
  expect(total: number): void;
  result(path: string, result: PartResult): void;
  skip(path: string, why: string): void;
  say(line: string): void;
  readonly onRetry: OnRetry;
  end(): void;
};

export function createReport(terminal: Terminal, json: boolean): Report {
  const counts: Counts = { stored: 0, exists: 0, refused: 0, skipped: 0 };
  const notes = new Map<string, { text: string; count: number }>();
  const progress = createProgress(terminal, json);
  const { err: say, expect } = progress;

  function machine(value: Record<string, unknown>): void {
    if (json) terminal.out(JSON.stringify(value));
  }

  return {
    counts,
    say,
    onRetry: (why, wait) => say(`trying again in ${(wait / 1000).toFixed(1)} s: ${why}`),
    expect,

    result(path, result) {
      counts[result.status]++;
      progress.step();
      machine({ path, ...result });
      if (result.status === 'refused') {
        const { code, detail } = result.problem;
        if (!json) say(`refused ${printable(path)}: ${printable(detail)} (${printable(code)})`);
        return;
      }
      for (const { code, text } of result.notes) {
        const note = notes.get(code) ?? { text, count: 0 };
        notes.set(code, { ...note, count: note.count + 1 });
      }
    },

    skip(path, why) {
      counts.skipped++;
      machine({ path, status: 'skipped', why });
      if (!json) say(`skipped ${printable(path)}: ${why}`);
    },

    end() {
      progress.end();
      if (json || Object.values(counts).every((count) => count === 0)) return;
      for (const { text, count } of notes.values()) terminal.err(`note (${count}×): ${printable(text)}`);
      const skipped = counts.skipped > 0 ? `, ${counted(counts.skipped, 'other file')} skipped` : '';
      terminal.out(`${counts.stored} stored, ${counts.exists} already there, ${counts.refused} refused${skipped}`);
    },
  };
}
