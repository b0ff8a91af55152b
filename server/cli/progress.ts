// A bar at the lower end of the terminal while files are taken one after the other, with lines above it.
import cliProgress from 'cli-progress';
import type { Terminal } from './terminal.ts';

export type Progress = {
  expect(total: number): void;
  step(count?: number): void;
  /** A line on standard error, above the bar when there is one. */
  say(line: string): void;
  end(): void;
};

/** Without anybody watching, or with output for programs, only the lines remain. */
export function createProgress(terminal: Terminal, quiet: boolean): Progress {
  const bar = terminal.interactive && !quiet ? createBar() : null;
  return {
    expect: (total) => bar?.start(total, 0),
    step: (count = 1) => bar?.increment(count),
    say(line) {
      if (bar) process.stderr.write('\r\u001b[K');
      terminal.err(line);
      bar?.updateETA();
    },
    end: () => bar?.stop(),
  };
}

function createBar(): cliProgress.SingleBar {
  const format = '{bar} {value}/{total} signatures, {eta_formatted} left';
  return new cliProgress.SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true },
    cliProgress.Presets.shades_classic,
  );
}
