// What is lost with a key, in words and numbers.
import type { Served } from '../api/schema.ts';
import { count, formatCount } from './count.ts';

/** What runtimes make of a key that expires, or has expired. */
export function describeExpiry({ images, onlyImages }: Served, isPast: boolean): string {
  if (images === 0) return `Nothing served depends on it. New uploads ${isPast ? 'are' : 'will be'} refused.`;
  const all = count(images, 'image');
  const head = `${isPast ? 'Runtimes' : 'From then on, runtimes'} refuse everything that it signed: ${all}.`;
  return `${head} ${describeOnly(images, onlyImages)}`;
}

function describeOnly(images: number, onlyImages: number): string {
  if (onlyImages === 0) return 'A signature of another key that lasts longer is there for each of them.';
  if (images === 1) return 'It has no live signature of another key that lasts longer.';
  return `${onlyImages === images ? 'All' : formatCount(onlyImages)} of them have no live signature of another key that lasts longer.`;
}

/** What happens in the moment of revoking. */
export function describeStop({ signatures, images }: Served): string {
  if (signatures === 0) return 'Nothing served depends on this key.';
  const verb = signatures === 1 ? 'stops' : 'stop';
  return `${count(signatures, 'signature')} of ${count(images, 'image')} ${verb} being served at once.`;
}

/** Null when every image has another signature that is good now. */
export function describeUnsigned({ onlyImages }: Served): string | null {
  if (onlyImages === 0) return null;
  const verb = onlyImages === 1 ? 'has' : 'have';
  return `${count(onlyImages, 'image')} ${verb} no other signature that runtimes accept.`;
}
