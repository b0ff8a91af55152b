// What the numbers of an image's directory mean for whoever reads the tree today (docs/protocol.md §1.3).
import { LIMITS } from '../../domain/limits.ts';

export type Lint = { readonly code: 'gap' | 'overfull'; readonly detail: string };

/** Of numbers in ascending order. */
export function lintNumbers(numbers: readonly number[]): Lint[] {
  const gap = numbers.findIndex((number, index) => number !== index + 1);
  const visible = gap < 0 ? numbers.length : gap;
  const hidden = numbers.length - visible;
  const found: Lint[] = [];
  if (hidden > 0)
    found.push({ code: 'gap', detail: `signature-${visible + 1} is missing and hides ${hidden} behind it` });
  if (visible > LIMITS.signaturesPerImage) found.push({ code: 'overfull', detail: `${visible} signatures` });
  return found;
}
