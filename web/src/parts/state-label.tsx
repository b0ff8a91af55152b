// The states of signatures, keys and tokens: a word, a colour and an icon, so that none of them is needed alone.
import { Label, type LabelProps } from '@patternfly/react-core';
import { useNow } from './clock.tsx';
import { formatRelative, formatUtc } from './time.tsx';

export type State = 'live' | 'active' | 'withdrawn' | 'retired' | 'revoked' | 'expired';

const LOOK: Record<State, { readonly status: NonNullable<LabelProps['status']>; readonly meaning: string }> = {
  live: { status: 'success', meaning: 'served to runtimes' },
  active: { status: 'success', meaning: 'accepted for new uploads' },
  withdrawn: { status: 'warning', meaning: 'no longer served' },
  retired: { status: 'info', meaning: 'no new uploads; what exists is still served' },
  revoked: { status: 'danger', meaning: 'no longer trusted, nothing of it is served' },
  expired: { status: 'danger', meaning: 'past its date' },
};

export function StateLabel({ state }: { state: State }) {
  const { status, meaning } = LOOK[state];
  return (
    <Label isCompact status={status} title={meaning}>
      {state}
    </Label>
  );
}

const SOON_MS = 90 * 86_400_000; // as in the overview of the API

type ExpiringProps = { readonly state: 'active' | 'retired' | 'revoked'; readonly expiresAt: string | null };

/** Of a key: the date ends an active one, and matters no more for the others. */
export function findKeyState({ state, expiresAt }: ExpiringProps, now: number): State {
  return state === 'active' && isExpired(expiresAt, now) ? 'expired' : state;
}

/** Of a key: whether runtimes refuse what it signed, since its date counts for them, whatever its state is here. */
export function isExpired(expiresAt: string | null, now: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now;
}

/** Of a key: an active one that has expired is of no more use, and one that will soon is worth a word. */
export function KeyStateLabel({ state, expiresAt }: ExpiringProps) {
  const now = useNow();
  const end = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);
  if (state === 'active' && end <= now) return <StateLabel state="expired" />;
  if (state !== 'active' || end - now > SOON_MS) return <StateLabel state={state} />;
  return (
    <>
      <StateLabel state="active" />{' '}
      <Label isCompact status="warning" title={formatUtc(end)}>
        expires {formatRelative(end, now)}
      </Label>
    </>
  );
}

/** Of a token. */
export function findTokenState(token: { revokedAt: string | null; expiresAt: string | null }, now: number): State {
  if (token.revokedAt !== null) return 'revoked';
  return isExpired(token.expiresAt, now) ? 'expired' : 'active';
}
