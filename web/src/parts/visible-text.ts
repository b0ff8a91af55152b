// Foreign text may hold characters that nobody sees and that change what is seen: they are made visible.

/** Controls, format characters (also right-to-left overrides and zero widths), separators, and what is no character. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const INVISIBLE_BUT_LINES = /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

export type Piece = { readonly at: number; readonly text: string; readonly isEscape: boolean };

const escapeCharacter = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** `keepLines` leaves line feeds and tabs alone, for text that is shown in lines. */
export function splitInvisible(text: string, keepLines = false): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(keepLines ? INVISIBLE_BUT_LINES : INVISIBLE)) {
    if (match.index > end) pieces.push({ at: end, text: text.slice(end, match.index), isEscape: false });
    pieces.push({ at: match.index, text: escapeCharacter(match[0]), isEscape: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ at: end, text: text.slice(end), isEscape: false });
  return pieces;
}

/** The same where there is no markup: titles of tabs, labels for screen readers. */
export function formatVisible(text: string): string {
  return splitInvisible(text)
    .map((piece) => (piece.isEscape ? `[${piece.text}]` : piece.text))
    .join('');
}
