// Text in commands and scripts that people run: literally, whatever it holds.

/** As one word of a POSIX shell. */
export function shellText(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
