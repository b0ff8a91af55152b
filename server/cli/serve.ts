// `lookaside serve`: what `npm start` runs.
import { createLog } from '../ops/log.ts';
import type { FirstAdmin } from '../services/users.ts';
import type { AddCommand, Context } from './context.ts';
import { listenForStop } from './stop-signal.ts';

export const addServeCommand: AddCommand = (program, context) => {
  program
    .command('serve')
    .description('run the server; settings come from the environment (docs/config.md)')
    .option('--workers <n>', 'threads that answer reads (LOOKASIDE_WORKERS)')
    .action(async ({ workers }: { workers?: string }) => {
      const config = context.loadConfig(workers === undefined ? {} : { LOOKASIDE_WORKERS: workers });
      const log = createLog(config.logLevel);
      const stop = listenForStop();
      const { startServer } = await import('../compose.ts');
      const server = await startServer(config, log);
      log.info('server.started', { url: server.url, metrics: server.metricsUrl, database: config.databasePath });
      if (context.terminal.interactive)
        context.terminal.err(`Lookaside serves ${server.url} from ${config.databasePath}; Ctrl-C ends it.`);
      if (server.firstAdmin !== null) showFirstAdmin(context, server.firstAdmin, config.publicUrl ?? server.url);
      const signal = await stop.received;
      log.info('server.stopping', { signal });
      await server.stop();
      log.info('server.stopped');
    });
};

/** On stderr, whoever reads it: the log on stdout is kept and sent elsewhere. */
function showFirstAdmin({ terminal }: Context, { name, password }: FirstAdmin, url: string): void {
  terminal.err(
    `There was no user yet, so one was made. Sign in at ${url}/ui/:

    user name  ${name}
    password   ${password}

The password is shown this once. \`lookaside user password ${name}\` sets another one.`,
  );
}
