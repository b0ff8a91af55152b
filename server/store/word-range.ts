// Everything that begins with a text, as the range of an index.

/** The largest code point: no text with the prefix sorts behind prefix + this. */
const LAST = '\u{10FFFF}';

/** Names are in lower case, whatever is typed. */
export function wordRange(text: string): { from: string; to: string } {
  return prefixRange(text.toLowerCase());
}

export function prefixRange(prefix: string): { from: string; to: string } {
  return { from: prefix, to: prefix + LAST };
}

/** The first, in the order of the index, of the words of a name that begin with a text in lower case. */
export function firstWord(name: string, text: string): string | undefined {
  const lower = name.toLowerCase();
  const words = [...lower.matchAll(/(?<![^/._:-])[^/._:-]/g)].map(({ index }) => lower.slice(index));
  return words.filter((word) => word.startsWith(text)).sort()[0];
}
