// Signatures in number, from a tree or a bundle, into the store, until they end or somebody ends it.
import { localPrincipal } from '../../domain/principal.ts';
import { createLog } from '../../ops/log.ts';
import type { Entry } from '../../services/bulk-intake.ts';
import type { Context } from '../context.ts';
import { listenForStop } from '../stop-signal.ts';
import type { Report } from './report.ts';

export type PathEntry = Entry & { readonly path: string };

export type Taking = {
  readonly report: Report;
  readonly context: Context;
  readonly dryRun: boolean;
  /** For the bar; asked where somebody watches. */
  readonly expected: () => Promise<number> | number;
};

/** Whether all of it was looked at. A source ends early once it is told to stop. */
export async function takeAll(
  source: (stopped: () => boolean) => AsyncIterable<PathEntry>,
  { report, context, dryRun, expected }: Taking,
): Promise<boolean> {
  const { loadConfig, terminal } = context;
  const { composeBulkIntake } = await import('../../compose/bulk-intake.ts');
  const bulk = await composeBulkIntake(loadConfig(), createLog('silent'));
  const stop = listenForStop();
  const stopped = () => stop.now() !== null;
  let [whole, complete] = [false, false];
  async function* entries(): AsyncGenerator<PathEntry> {
    yield* source(stopped);
    whole = !stopped();
  }
  try {
    if (terminal.interactive) report.expect(await expected());
    void stop.received.then(() => report.say('ending when what is under way is stored; once more ends at once'));
    for await (const { entry, outcome } of bulk.take(entries(), { principal: localPrincipal(terminal.user), dryRun }))
      report.result(entry.path, outcome);
    complete = whole; // not before what was under way is stored
  } finally {
    stop.off();
    report.end(complete);
    await bulk.close();
  }
  return complete;
}
