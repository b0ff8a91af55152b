// When a key or a token ends: a date like any other, until it is near or past.
import { Label } from '@patternfly/react-core';
import { useNow } from './clock.tsx';
import { formatRelative, formatUtc, Time } from './time.tsx';

const NEAR_MS = 30 * 86_400_000;

/** Null: it never does. */
export function isNear(expiresAt: string | null, now: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) - now < NEAR_MS;
}

export function Expiry({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null || !isNear(at, now)) return <Time at={at} />;
  const end = Date.parse(at);
  return (
    <Label isCompact status={end <= now ? 'danger' : 'warning'} title={formatUtc(end, 'second')}>
      <time dateTime={at}>
        {end <= now ? 'expired ' : ''}
        {formatRelative(end, now)}
      </time>
    </Label>
  );
}
