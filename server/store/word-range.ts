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
