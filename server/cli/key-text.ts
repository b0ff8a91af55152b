// Keys and what depends on them, in words.
import { formatInstant, type Instant } from '../domain/instant.ts';
import { expiredAt, type Key } from '../domain/key.ts';
import type { Impact } from '../services/key-lifecycle.ts';
import { printable } from './terminal.ts';

/** The day, as lists have it. */
export function endText({ expiresAt }: Pick<Key, 'expiresAt'>): string {
  return expiresAt === null ? 'never' : formatInstant(expiresAt).slice(0, 10);
}

export function stateText({ state, expiresAt }: Pick<Key, 'state' | 'expiresAt'>): string {
  return state.state === 'active' && expiredAt(expiresAt, Date.now() as Instant) ? 'expired' : state.state;
}

/** Some images that a key alone keeps signed, and how to see all. Nothing where there are none. */
export function aloneLines(impact: Impact, { head, all }: { head: string; all: string }): string[] {
  const { onlyImages, items } = impact;
  if (onlyImages === 0) return [];
  const rest = onlyImages - items.length;
  return [
    `${head}:`,
    ...items.map(({ repository, digest }) => `  ${printable(`${repository}@${digest}`)}`),
    ...(rest > 0 ? [`  and ${rest} more, which \`${all}\` lists`] : []),
  ];
}
