// Times as people write them: 90d, 12h, never.
import { AppError, quote } from '../domain/errors.ts';

const UNITS_MS = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000, y: 365 * 86_400_000 } as const;

/** Milliseconds, or null for `never`. */
export function parseLifetime(text: string): number | null {
  return text === 'never' ? null : parseDuration(text, '--expires', '12h, 90d, 4w, 1y, never');
}

/** Milliseconds; `option` is what somebody is told who has written something else. */
export function parseDuration(text: string, option: string, allowed = '12h, 90d, 4w, 1y'): number {
  const [, count, unit] = /^([1-9][0-9]{0,4})([hdwy])$/.exec(text) ?? [];
  if (!count || !unit) throw new AppError('USAGE_INVALID', `${option} is ${quote(text)}; allowed: ${allowed}`);
  return Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}
