// What somebody who opens a key has to know first, if there is something: it ends, it has ended, it is out of use.
import { Alert } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { KeyWithServed } from '../../api/schema.ts';
import { useNow } from '../../parts/clock.tsx';
import { isNear } from '../../parts/expiry.tsx';
import { describeExpiry } from '../../parts/loss.ts';
import { formatRelative, Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

export function Standing({ of: key }: { of: KeyWithServed }) {
  const now = useNow();
  const { state, expiresAt, served } = key;
  if (state === 'revoked')
    return (
      <Notice variant="danger" title="This key is revoked. Nothing that it signed is served, and that is final.">
        <p>
          <Since of={key} /> Remove it from the policy of your nodes as well.
        </p>
      </Notice>
    );
  if (isNear(expiresAt, now) && expiresAt !== null) {
    const end = Date.parse(expiresAt);
    return (
      <Notice
        variant={end <= now ? 'danger' : 'warning'}
        title={end <= now ? 'This key has expired.' : `This key expires ${formatRelative(end, now)}.`}
      >
        <p>{describeExpiry(served, end <= now)}</p>
        <p>Extend it where its private half is, register the newer copy here, and give that to your nodes.</p>
      </Notice>
    );
  }
  if (state === 'retired')
    return (
      <Notice variant="info" title="This key is retired: what it signed is served, new uploads are refused.">
        <p>
          <Since of={key} />
        </p>
      </Notice>
    );
  return null;
}

function Since({ of: { stateSince, stateReason } }: { of: KeyWithServed }) {
  return (
    <>
      Since <Time at={stateSince} show="both" />
      {stateReason === null ? null : (
        <>
          , reason: <UserText>{stateReason}</UserText>
        </>
      )}
      .
    </>
  );
}

type NoticeProps = {
  readonly variant: 'danger' | 'warning' | 'info';
  readonly title: string;
  readonly children: ReactNode;
};

function Notice({ variant, title, children }: NoticeProps) {
  return (
    <Alert variant={variant} isInline component="p" title={title}>
      {children}
    </Alert>
  );
}
