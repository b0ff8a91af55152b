// Chance that can be repeated: everything a run makes follows from its seed.

export type Random = {
  /** A whole number from 0 up to, and without, `end`. */
  below(end: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Buffer;
};

/** xorshift128 over the seed: no secret is made with it. */
export function createRandom(seed: number): Random {
  const state = [seed | 0, seed ^ 0x9e3779b9, 0x243f6a88, 0xb7e15162];
  function next(): number {
    const oldest = state.pop() ?? 0;
    const newest = state[0] ?? 0;
    const mixed = oldest ^ (oldest << 11);
    state.unshift(mixed ^ (mixed >>> 8) ^ newest ^ (newest >>> 19));
    return (state[0] ?? 0) >>> 0;
  }
  for (let count = 0; count < 20; count++) next();
  const below = (end: number) => Math.floor((next() / 2 ** 32) * end);
  return {
    below,
    chance: (probability) => next() / 2 ** 32 < probability,
    pick: <T>(from: readonly T[]) => from[below(from.length)] as T,
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
  };
}
