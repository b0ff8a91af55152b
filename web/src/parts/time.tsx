// A moment: how long ago for people, the exact UTC time on hover and for machines.
import { TICK_MS, useNow } from './clock.tsx';

const DAY_MS = 86_400_000;
/** Unit, its length, and from where on it is exact enough: nothing is called one year that lasts nearly two. */
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ['year', 365 * DAY_MS, 3 * 365 * DAY_MS],
  ['month', 30 * DAY_MS, 90 * DAY_MS],
  ['day', DAY_MS, 2 * DAY_MS],
  ['hour', 3_600_000, 3_600_000],
  ['minute', 60_000, 60_000],
];
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

export function formatRelative(at: number, now: number): string {
  const distance = at - now;
  for (const [unit, ms, from] of UNITS)
    if (Math.abs(distance) >= from) return RELATIVE.format(Math.trunc(distance / ms), unit);
  // The clock of the page may be half a minute behind what has just been made.
  return distance > TICK_MS ? 'in less than a minute' : 'just now';
}

/** `2026-11-20 19:18 UTC`: one time zone for everybody who reads the same log. */
export function formatUtc(at: number, precision: 'minute' | 'second' = 'minute'): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, precision === 'minute' ? 16 : 19)} UTC`;
}

type TimeProps = {
  /** As the API gives it; null is shown as `none`. */
  readonly at: string | number | null;
  /** `relative` in lists, `absolute` in logs, `both` in details. */
  readonly show?: 'relative' | 'absolute' | 'both';
  readonly none?: string;
};

export function Time({ at, show = 'relative', none = 'never' }: TimeProps) {
  const now = useNow();
  if (at === null) return <span>{none}</span>;
  const instant = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(instant)) return <span>unknown</span>;
  const relative = formatRelative(instant, now);
  const texts = { relative, absolute: formatUtc(instant), both: `${formatUtc(instant)} (${relative})` };
  return (
    <time dateTime={new Date(instant).toISOString()} title={formatUtc(instant, 'second')}>
      {texts[show]}
    </time>
  );
}
