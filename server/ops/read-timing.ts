// How long reads take, measured for some of them: a reading of the clock twice for each would be a hundredth of what an
// answer costs. Measured are one in 256, and the first of each second, so that a store with few reads has figures, too.

export type ReadTiming = {
  /** Before a read. `second`: any number that changes once a second. */
  begin(second: number): void;
  /** After it; harmless when it is not measured. */
  end(): void;
};

const ONE_IN = 256;

export function createReadTiming(took: (seconds: number) => void): ReadTiming {
  let left = 0;
  let last = Number.NaN;
  let startedAt = 0;
  return {
    begin(second) {
      if (--left > 0 && second === last) return;
      left = ONE_IN;
      last = second;
      startedAt = performance.now();
    },
    end() {
      if (startedAt === 0) return;
      took((performance.now() - startedAt) / 1000);
      startedAt = 0;
    },
  };
}
