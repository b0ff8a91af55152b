// Numbers as people read them, and what they count.

const FULL = new Intl.NumberFormat('en');

export const formatCount = (value: number): string => FULL.format(value);

/** “1 image”, “12,000 images” */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${formatCount(number)} ${number === 1 ? one : many}`;
}
