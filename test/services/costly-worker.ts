// A stand-in for the verification worker: byte 1 keeps it busy for ever, byte 2 takes all of its memory, byte 3 is an
// answer of the store; anything else is found in no time.
import type { Batch } from '../../server/services/examine-batch.ts';
import type { Reply, Task } from '../../server/services/openpgp-worker.ts';

export async function runTask({ parameters, begun }: Task): Promise<Reply> {
  const [{ bytes, uploads }] = parameters as [Batch];
  const value = uploads.map((_, index) => {
    Atomics.store(begun, 0, index + 1);
    return find(bytes[index] ?? 0);
  });
  return { value };
}

function find(byte: number): unknown {
  if (byte === 1) for (;;) Math.sqrt(byte);
  if (byte === 2) for (const held: number[][] = []; ; ) held.push(new Array(1_000_000).fill(0.5));
  if (byte === 3) return { failure: { code: 'STORE_FAULT', message: 'the database failed', cause: null } };
  return { known: { id: byte } };
}
