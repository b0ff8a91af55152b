// What is lost with a key, in words and numbers.
import type { Served } from '../api/schema.ts';
import { formatCount } from './chart-scale.ts';

/** “1 image”, “12,000 images” */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${formatCount(number)} ${number === 1 ? one : many}`;
}

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

/**
 * Null when no image is left unsigned. The count looks at other keys that last as long; one that ends sooner may still
 * keep an image signed for a while.
 */
export function describeUnsigned(expiresAt: string | null, { onlyImages }: Served): string | null {
  if (onlyImages === 0) return null;
  const number = count(onlyImages, 'image');
  const much = expiresAt === null ? number : `Up to ${number}`;
  return `${much} will be unsigned. Runtimes that require a signature refuse to pull ${onlyImages === 1 ? 'it' : 'them'}.`;
}
