// The numbers of an axis: whole, round, and few.

/** From 0 to at least the greatest value, in two to five steps of 1, 2 or 5 times a power of ten. */
export function createTicks(greatest: number): readonly number[] {
  const rough = Math.max(greatest, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power);
  const count = Math.max(1, Math.ceil(greatest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const formatTick = (value: number): string => SHORT.format(value);
