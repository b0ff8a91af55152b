// `npm test` runs each fault a few times; `npm run test:faults` as often as chance needs.
export const LONG = process.env.FAULTS === 'long';

export function rounds({ short, long }: { readonly short: number; readonly long: number }): number {
  return LONG ? long : short;
}
