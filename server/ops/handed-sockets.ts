// Sockets that systemd opened and hands over at the start (sd_listen_fds(3)): connections wait in them while the server
// starts and restarts, and it needs no right to take a port below 1024.
import { AppError, quote } from '../domain/errors.ts';

export type HandedSockets = {
  /** File descriptors; null: none was handed over, and the server takes an address itself. */
  readonly store: number | null;
  readonly metrics: number | null;
};

/** As FileDescriptorName= of the socket unit says; every other name is the store's. */
const METRICS = 'metrics';
/** The first one, by the protocol. */
const FIRST = 3;

/** `pid` is this process: what was meant for another, such as a shell around this one, is not ours. */
export function readHandedSockets(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): HandedSockets {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES = '' } = environment;
  if (LISTEN_PID !== String(pid) || LISTEN_FDS === undefined) return { store: null, metrics: null };
  if (!/^[0-9]{1,4}$/.test(LISTEN_FDS))
    throw new AppError('CONFIG_INVALID', `LISTEN_FDS is ${quote(LISTEN_FDS)}, which is no number of sockets`);
  const names = LISTEN_FDNAMES.split(':');
  const handed = Array.from({ length: Number(LISTEN_FDS) }, (_, index) => ({ fd: FIRST + index, name: names[index] }));
  return {
    store: only(handed, 'the store', (name) => name !== METRICS),
    metrics: only(handed, 'metrics', (name) => name === METRICS),
  };
}

type Handed = { readonly fd: number; readonly name: string | undefined };

function only(handed: readonly Handed[], whose: string, is: (name: string | undefined) => boolean): number | null {
  const [first, second] = handed.filter(({ name }) => is(name));
  if (second === undefined) return first?.fd ?? null;
  throw new AppError(
    'CONFIG_INVALID',
    `several sockets for ${whose} were handed over (LISTEN_FDS); one is taken, and one with FileDescriptorName=${METRICS} ` +
      'for metrics. A socket on [::] takes IPv4 as well',
  );
}
