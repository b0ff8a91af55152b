// What stands in the fields, as text, and the wishes that it is.
import { KINDS, type Kind, type Wish, type Wishes } from './kinds.ts';

/** Lists have a line for each; what is checked is `yes`. */
export type Draft = Readonly<Partial<Record<Wish, string>>>;

const linesOf = (text: string) => text.split('\n').flatMap((line) => line.trim() || []);

/** Null while something is missing without which there is nothing to ask for. */
export function toWishes(kind: Kind, draft: Draft): Wishes | null {
  const { wishes, needs } = KINDS[kind];
  const given = wishes.flatMap((wish) => {
    const value = readWish(wish, draft[wish] ?? '');
    return value === undefined ? [] : [[wish, value] as const];
  });
  if (needs !== undefined && !given.some(([wish]) => wish === needs)) return null;
  // The server reads every member of it again.
  return { kind, ...Object.fromEntries(given) } as Wishes;
}

function readWish(wish: Wish, text: string): string | boolean | readonly string[] | undefined {
  if (text.trim() === '') return undefined;
  switch (wish) {
    case 'legacy':
    case 'replace':
      return true;
    case 'registries':
    case 'scopes':
    case 'mirrors':
    case 'roles':
    case 'namespaces':
    case 'releases':
    case 'images':
      return linesOf(text);
    default:
      return wish === 'existing' ? text : text.trim();
  }
}
