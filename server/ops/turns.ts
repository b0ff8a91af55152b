// Turns: of what is not a read, the main thread does one step in each turn of its event loop. Uploads come in flocks,
// since those that share a commit are answered together and their senders go on together; without turns, a read that
// comes at that moment waits for all of them.

/** Does a step in a turn of its own, in the order of asking. */
export type InTurn = (step: () => void) => void;

export function createTurns(): InTurn {
  const waiting: (() => void)[] = [];
  // Immediates run after reads that have arrived were answered, and all at once: so there is never more than one.
  const next = () => {
    const step = waiting.shift();
    if (waiting.length > 0) setImmediate(next);
    step?.();
  };
  return (step) => {
    if (waiting.push(step) === 1) setImmediate(next);
  };
}
