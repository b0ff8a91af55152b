// One key as it was read, and what is known of it here already.
import { Alert, Label } from '@patternfly/react-core';
import type { KeyPreview } from '../../api/schema.ts';
import { useNow } from '../../parts/clock.tsx';
import { Fingerprint } from '../../parts/digest.tsx';
import { Expiry, isNear } from '../../parts/expiry.tsx';
import { Facts } from '../../parts/facts.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { SigningKeys } from '../../parts/signing-keys.tsx';
import { isExpired } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserIds } from '../../parts/user-ids.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { NewerCopy } from './newer-copy.tsx';

type Previewed = KeyPreview['keys'][number];

export function PreviewedKey({ of: key, title }: { of: Previewed; title: string }) {
  const { fingerprint, userIds, createdAt, expiresAt, signingKeys, revocation, registered } = key;
  const isEnding = isNear(expiresAt, useNow());
  return (
    <SectionCard
      title={title}
      actions={
        <Label isCompact {...lookOf(key)}>
          {registered === null ? 'new' : 'registered already'}
        </Label>
      }
    >
      <div className="lks-sections lks-previewed">
        <Facts
          facts={[
            { term: 'User ids', value: <UserIds userIds={userIds} /> },
            { term: 'Fingerprint', value: <Fingerprint value={fingerprint} isFull /> },
            { term: 'Algorithm', value: signingKeys.find(({ primary }) => primary)?.algorithm ?? 'unknown' },
            { term: 'Created', value: <Time at={createdAt} show="both" /> },
            {
              term: 'Expires',
              value: (
                <>
                  <Time at={expiresAt} show={isEnding ? 'absolute' : 'both'} />{' '}
                  {isEnding ? <Expiry at={expiresAt} /> : null}
                </>
              ),
            },
            revocation !== null && {
              term: 'Revoked',
              value: (
                <>
                  yes, it says so: <UserText>{revocation}</UserText>
                </>
              ),
            },
          ]}
        />
        {registered === null ? <Unfit of={key} /> : <NewerCopy copy={key} registered={registered} />}
        <SigningKeys signingKeys={signingKeys} />
      </div>
    </SectionCard>
  );
}

/** A new key that is of no use as it is; it may still be wanted for the record. */
function Unfit({ of: { revocation, expiresAt } }: { of: Previewed }) {
  const now = useNow();
  const hasExpired = isExpired(expiresAt, now);
  if (revocation === null && !hasExpired) return null;
  return (
    <Alert
      variant="warning"
      isInline
      component="p"
      title={
        revocation === null
          ? 'This key has expired. Uploads are refused until a newer copy is registered.'
          : 'This key is revoked by its owner. It is registered as revoked, and whatever it signed is refused.'
      }
    />
  );
}

function lookOf({ registered }: Previewed) {
  return registered === null ? { color: 'blue' as const } : { color: 'grey' as const };
}
