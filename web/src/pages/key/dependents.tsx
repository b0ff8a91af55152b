// What hangs on a key: what is served because of it, and what happens when it ends.
import type { KeyWithServed } from '../../api/schema.ts';
import { useNow } from '../../parts/clock.tsx';
import { formatCount } from '../../parts/count.ts';
import { Facts } from '../../parts/facts.tsx';
import { describeExpiry } from '../../parts/loss.ts';
import { isExpired } from '../../parts/state-label.tsx';

export function Dependents({ of: { state, expiresAt, served } }: { of: KeyWithServed }) {
  const now = useNow();
  const isPast = isExpired(expiresAt, now);
  return (
    <Facts
      facts={[
        { term: 'Signatures served', value: formatCount(served.signatures) },
        { term: 'Images', value: formatCount(served.images) },
        {
          term: 'Only this key',
          value:
            served.onlyImages === 0
              ? 'no image'
              : `${formatCount(served.onlyImages)} of these images have no live signature of another key that lasts as long`,
        },
        state === 'revoked'
          ? null
          : {
              term: isPast ? 'It has expired' : 'When it expires',
              value:
                expiresAt === null
                  ? 'It never expires. Retire it when a newer key takes over.'
                  : describeExpiry(served, isPast),
            },
      ]}
    />
  );
}
