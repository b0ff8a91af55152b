// `lookaside health`: asks the server that these settings describe whether it is there. For container engines, service
// managers and people, so that none of them has to know its port, or whether it speaks TLS.
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Config } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { formatAuthority, reachedAt } from '../ops/address.ts';
import type { AddCommand } from './context.ts';

/** Less than the 3 s after which a container engine ends the command, whose own start takes a part of them. */
const ANSWER_MS = 2_000;

const NOBODY = 'nobody listens there; is the server running, and with these settings?';
const WHY: Readonly<Record<string, string>> = { ECONNREFUSED: NOBODY, ENOENT: NOBODY };

export const addHealthCommand: AddCommand = (program, context) => {
  program
    .command('health')
    .description('ask the running server of these settings whether it answers; exit code 0 when it does')
    .option('--ready', 'also whether it can read and write its database')
    .action(async ({ ready = false }: { ready?: boolean }) => {
      const config = context.loadConfig();
      const path = ready ? '/readyz' : '/livez';
      const { status, place } = await ask(config, path);
      if (status === 200) return context.terminal.out(`${place} is ${ready ? 'ready' : 'live'}`);
      context.terminal.err(`lookaside: ${place} answered ${status} to GET ${path}; its log says why`);
      context.exitCode = 1;
    });
};

async function ask(config: Config, path: string): Promise<{ readonly status: number; readonly place: string }> {
  const { place, reached } = whereabouts(config);
  try {
    const { statusCode = 0 } = await get(config, { ...reached, path });
    return { status: statusCode, place };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ABORT_ERR' ? `none within ${ANSWER_MS / 1_000} seconds` : (WHY[code ?? ''] ?? code ?? message);
    throw new AppError('SERVER_UNREACHABLE', `no answer from ${place}: ${why}`, { cause });
  }
}

/** In words for people, and as a request wants it. */
function whereabouts({ socket, tls, host: listening, port }: Config): { place: string; reached: RequestOptions } {
  if (socket) return { place: `unix:${socket.path}`, reached: { socketPath: socket.path } };
  if (port === 0)
    throw new AppError('USAGE_INVALID', 'LOOKASIDE_PORT is 0, so the port is known to the server alone; set one');
  const host = reachedAt(listening);
  return { place: `${tls ? 'https' : 'http'}://${formatAuthority(host, port)}`, reached: { host, port } };
}

function get(config: Config, reached: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { ...reached, agent: false, signal: AbortSignal.timeout(ANSWER_MS) };
    // The certificate is for the name that clients use, not for loopback; nothing secret is sent, and of the answer
    // only the status counts.
    const asking = config.tls
      ? requestTls({ ...options, rejectUnauthorized: false }, resolve)
      : request(options, resolve);
    asking.on('response', (response) => response.resume());
    asking.on('error', reject).end();
  });
}
