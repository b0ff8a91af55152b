// `lookaside export`: the live store as a static tree, once or for as long as it changes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalTreeExport } from '../compose/tree-export.ts';
import type { ExportCounts, ExportEvents } from '../services/tree-export.ts';
import type { AddCommand, Context } from './context.ts';
import { counted } from './count.ts';
import { createProgress } from './progress.ts';
import { listenForStop } from './stop-signal.ts';
import { printable } from './terminal.ts';

type Options = { readonly watch?: true; readonly json?: true };

/** Two system calls each time, while nothing has changed. */
const LOOK_MS = 500;
/** How often a watch looks at every file: somebody else may have touched the tree. */
const ALL_MS = 60 * 60 * 1000;
/** Lines about what is in the way, each said once. */
const SAID = 100;

export const addExportCommand: AddCommand = (program, context) => {
  program
    .command('export')
    .description('write the live signatures as a static lookaside tree, for a web server, a CDN or a disconnected site')
    .argument('<directory>', 'empty, not there yet, or made by an earlier export')
    .option('--watch', 'go on and follow the store until SIGINT or SIGTERM')
    .option('--json', 'one JSON object a line for each file written or removed, and for each run')
    .action(async (directory: string, options: Options) => {
      const stopping = new AbortController();
      // Without --watch a signal ends the process at once: whatever a run has done is whole.
      if (options.watch) void listenForStop().received.then(() => stopping.abort());
      const { composeTreeExport } = await import('../compose/tree-export.ts');
      const tree = await composeTreeExport(context.loadConfig(), directory, stopping.signal);
      const report = createReport(context, options);
      try {
        report.run(await report.during(() => tree.run(report.events)));
        if (options.watch) await follow(tree, report, stopping.signal);
      } finally {
        await tree.close();
      }
      if (report.failed()) context.exitCode = 1;
    });
};

type Report = ReturnType<typeof createReport>;

async function follow(tree: LocalTreeExport, report: Report, stopping: AbortSignal): Promise<void> {
  const events = { ...report.events, expect: () => {}, step: () => {} };
  let all = performance.now() + ALL_MS;
  while (!stopping.aborted) {
    // A signal ends the wait; that is no error.
    await sleep(LOOK_MS, null, { signal: stopping }).catch(() => {});
    if (stopping.aborted) return;
    const due = performance.now() >= all;
    const counts = await (due ? tree.run(events) : tree.update(events));
    if (due) all = performance.now() + ALL_MS;
    if (counts !== null && (!due || counts.written + counts.removed + counts.failed > 0)) report.run(counts);
  }
}

function createReport({ terminal }: Context, { json }: Options) {
  const progress = createProgress(terminal, json === true);
  const said = new Set<string>();
  let failures = 0;
  const machine = (value: Record<string, unknown>) => terminal.out(JSON.stringify(value));

  const events: ExportEvents = {
    expect: progress.expect,
    step: (count) => progress.step(count),
    changed(path, status) {
      if (json) machine({ path, status });
    },
    failed(path, { code, message }) {
      if (json) machine({ path, status: 'failed', problem: { code, detail: message } });
      // One link high in the tree is in the way of many images.
      else if (said.size < SAID && !said.has(message)) progress.err(`not exported: ${printable(message)} (${code})`);
      said.add(message);
    },
  };

  return {
    events,
    failed: () => failures > 0,

    async during(run: () => Promise<ExportCounts>): Promise<ExportCounts> {
      try {
        return await run();
      } finally {
        progress.end();
      }
    },

    run(counts: ExportCounts): void {
      failures = counts.failed;
      if (json) return machine({ status: 'done', ...counts });
      const { written, removed, unchanged, failed, others } = counts;
      const images = failed > 0 ? `, ${counted(failed, 'image')} not exported` : '';
      const rest = others > 0 ? `, ${counted(others, 'other file')} left alone` : '';
      terminal.out(`${written} written, ${removed} removed, ${unchanged} unchanged${images}${rest}`);
    },
  };
}
