// A bar at the lower end of the terminal, with lines above it. Without anybody watching, or with output for programs, only
// the lines remain.
import cliProgress from 'cli-progress';
import type { Terminal } from './terminal.ts';

type Lines = {
  /** Lines above the bar when there is one. */
  out(line: string): void;
  err(line: string): void;
  end(): void;
};

/** Signatures that are taken one after the other. */
export type Progress = Lines & {
  expect(total: number): void;
  step(count?: number): void;
};

/** Work of several parts, each counted in something else. */
export type Phases = Lines & {
  show(doing: string, unit: string, done: number, total: number): void;
};

export function createProgress(terminal: Terminal, quiet: boolean): Progress {
  const bar = createBar(terminal, quiet, '{bar} {value}/{total} signatures, {eta_formatted} left');
  return {
    ...linesAbove(bar, terminal),
    expect: (total) => bar?.start(total, 0),
    step: (count = 1) => bar?.increment(count),
  };
}

export function createPhases(terminal: Terminal, quiet: boolean): Phases {
  const bar = createBar(terminal, quiet, '{doing} {bar} {value}/{total} {unit}');
  let shown: string | null = null;
  return {
    ...linesAbove(bar, terminal),
    show(doing, unit, done, total) {
      if (doing !== shown) bar?.start(total, done, { doing, unit });
      else {
        bar?.setTotal(total);
        bar?.update(done, { doing, unit });
      }
      shown = doing;
    },
  };
}

type Bar = cliProgress.SingleBar | null;

function createBar({ interactive }: Terminal, quiet: boolean, format: string): Bar {
  if (!interactive || quiet) return null;
  return new cliProgress.SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  );
}

function linesAbove(bar: Bar, terminal: Terminal): Lines {
  const above = (write: (line: string) => void) => (line: string) => {
    if (bar) process.stderr.write('\r\u001b[K'); // the bar's next drawing is below the line
    write(line);
  };
  return { out: above(terminal.out), err: above(terminal.err), end: () => bar?.stop() };
}
