// A moment: how long ago for people, the exact UTC time on hover and for machines.
import { useNow } from './clock.tsx';

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export function formatRelative(at: number, now: number): string {
  const distance = at - now;
  for (const [unit, ms] of UNITS) if (Math.abs(distance) >= ms) return RELATIVE.format(Math.trunc(distance / ms), unit);
  return distance > 0 ? 'in less than a minute' : 'just now';
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
