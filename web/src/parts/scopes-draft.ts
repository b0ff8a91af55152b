// Scopes while somebody writes them: everything, or rows of text, and what may be wrong with a row.

export type ScopeRow = { readonly id: number; readonly text: string };
export type ScopesDraft = { readonly isEverything: boolean; readonly rows: readonly ScopeRow[] };

const EMPTY_ROW: ScopeRow = { id: 0, text: '' };

/** Everything stays one choice, whatever else is in the list: it covers the rest. */
export function createScopesDraft(scopes: readonly string[]): ScopesDraft {
  const rows = scopes.filter((scope) => scope !== '').map((text, id) => ({ id, text }));
  return { isEverything: scopes.includes(''), rows: rows.length === 0 ? [EMPTY_ROW] : rows };
}

/** As the API takes them; null while there is none. */
export function readScopes({ isEverything, rows }: ScopesDraft): readonly string[] | null {
  if (isEverything) return [''];
  const texts = rows.map(({ text }) => text.trim()).filter((text) => text !== '');
  return texts.length === 0 ? null : [...new Set(texts)];
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^\w+:\/\//, 'Write it without https://.'],
  [/\s/, 'A scope has no spaces.'],
  [/@|\/.*:/, 'A scope has no tag and no digest: it is for whole repositories.'],
  [/^\*\.[^/:]+[/:]/, 'Nothing may follow a wildcard: *.example.com'],
  [/\*(?!\.)|.\*/, 'A wildcard is the beginning of a host: *.example.com'],
  [/\/$/, 'Leave out the / at the end.'],
  [/\/[^/]*[A-Z]/, 'Names below a registry are in lower case.'],
  [/^(?!\*|localhost(?:\/|$)|[^/]*[.:])/, 'Begin with the registry: docker.io/acme, not acme.'],
];

/** What looks wrong, for a hint while typing. The server decides. */
export function findScopeHint(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return HINTS.find(([pattern]) => pattern.test(trimmed))?.[1] ?? null;
}
