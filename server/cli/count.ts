// Numbers of things in sentences.

/** “1 image”, “12 images”; for nouns that an s makes many. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
