// Which key is asked for next, drawn beforehand: as many as no run of wrk gets through.
import { writeFileSync } from 'node:fs';
import type { Law } from './dataset.ts';

const DRAWN = 2 ** 22;

/** 32-bit indices below `count` in the byte order of this machine. */
export function writeDraws(file: string, count: number, law: Law): void {
  const roll = createDice();
  const draw = law === 'uniform' ? () => Math.floor(roll() * count) : zipf(count, roll);
  writeFileSync(file, Uint32Array.from({ length: DRAWN }, draw));
}

/** The k-th most popular key is asked for 1/k times as often as the first: what is known of pulls from registries. */
function zipf(count: number, roll: () => number): () => number {
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1);
    cumulative[rank] = sum;
  }
  return () => spread(rankOf(cumulative, roll() * sum), count);
}

function rankOf(cumulative: Float64Array, drawn: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) < drawn) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Popular keys are neighbours neither in the database nor on disk. The factor is a prime, and no count has it. */
function spread(rank: number, count: number): number {
  return (rank * 7_368_787) % count;
}

/** The same on every run; 32 bits of a multiplicative generator are more than enough to choose keys by. */
function createDice(): () => number {
  let state = 88_172_645;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
