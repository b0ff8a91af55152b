// A bar for work of several parts, each counted in something else.
import cliProgress from 'cli-progress';
import type { Terminal } from './terminal.ts';

export type Phases = {
  show(doing: string, unit: string, done: number, total: number): void;
  /** Lines above the bar. */
  out(line: string): void;
  err(line: string): void;
  end(): void;
};

export function createPhases(terminal: Terminal, quiet: boolean): Phases {
  const bar = terminal.interactive && !quiet ? createBar() : null;
  let shown: string | null = null;
  const above = (write: (line: string) => void) => (line: string) => {
    if (bar) process.stderr.write('\r\u001b[K');
    write(line);
  };
  return {
    show(doing, unit, done, total) {
      if (doing !== shown) bar?.start(total, done, { doing, unit });
      else {
        bar?.setTotal(total);
        bar?.update(done, { doing, unit });
      }
      shown = doing;
    },
    out: above(terminal.out),
    err: above(terminal.err),
    end: () => bar?.stop(),
  };
}

function createBar(): cliProgress.SingleBar {
  return new cliProgress.SingleBar(
    { format: '{doing} {bar} {value}/{total} {unit}', stream: process.stderr, hideCursor: true, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  );
}
