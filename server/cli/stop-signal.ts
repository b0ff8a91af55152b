// Ctrl-C and SIGTERM: the first one ends in an orderly way, a second one does what signals do.

export type StopSignal = {
  readonly received: Promise<NodeJS.Signals>;
  /** The same at once; null as long as there was none. */
  now(): NodeJS.Signals | null;
  /** When there is nothing left to end in an orderly way. */
  off(): void;
};

export function listenForStop(): StopSignal {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  const { promise: received, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let came: NodeJS.Signals | null = null;
  const off = () => {
    for (const each of signals) process.off(each, first);
  };
  const first = (signal: NodeJS.Signals) => {
    off();
    came = signal;
    resolve(signal);
  };
  for (const signal of signals) process.on(signal, first);
  return { received, now: () => came, off };
}
