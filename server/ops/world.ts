// What the program takes from outside, in one place, so that tests can hand in another world.
import { randomBytes } from 'node:crypto';
import type { Instant } from '../domain/instant.ts';

export type World = {
  readonly now: () => Instant;
  readonly randomBytes: (size: number) => Buffer;
};

export const realWorld: World = { now: () => Date.now() as Instant, randomBytes };
