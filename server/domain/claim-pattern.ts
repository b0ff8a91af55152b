// Values of claims as a publisher binds them: exact text, or a pattern in which `*` stands for anything but `/`, and `**`
// for anything. Always the whole value, letter by letter. No regular expression: whoever writes one for a name forgets
// an anchor or a dot, and a stranger's value could take for ever.

export function isPattern(wanted: string): boolean {
  return wanted.includes('*');
}

/** Time is bounded by the product of the two lengths. */
export function matchesPattern(pattern: string, value: string): boolean {
  const parts = pattern.match(/\*\*+|\*|[^*]/gu) ?? [];
  const characters = [...value];
  /** reached[n]: the parts so far can stand for the first n characters. */
  let reached = [true, ...characters.map(() => false)];
  for (const part of parts) reached = next(reached, part, characters);
  return reached.at(-1) === true;
}

function next(reached: readonly boolean[], part: string, characters: readonly string[]): boolean[] {
  const result = [part.startsWith('*') && reached[0] === true];
  for (const [index, character] of characters.entries()) {
    const wild = part.length > 1 && part.startsWith('*');
    if (part.startsWith('*')) {
      const goesOn = result[index] === true && (wild || character !== '/');
      result.push(goesOn || reached[index + 1] === true);
    } else result.push(reached[index] === true && character === part);
  }
  return result;
}
