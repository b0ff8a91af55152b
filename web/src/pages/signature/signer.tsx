// Who signed: the key as it is registered now.
import { Link } from 'react-router';
import type { SignatureDetail } from '../../api/schema.ts';
import { Fingerprint } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { keyPath } from '../../parts/paths.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { KeyStateLabel } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserIds } from '../../parts/user-ids.tsx';
import { UserText } from '../../parts/user-text.tsx';

export function Signer({ signature }: { signature: SignatureDetail }) {
  const { signer, signingKey, key } = signature;
  const { name, userIds, state, expiresAt, algorithm } = key;
  return (
    <SectionCard title="Signer">
      <Facts
        facts={[
          {
            term: 'Key',
            value: (
              <Link to={keyPath(signer)}>
                <UserText>{name}</UserText>
              </Link>
            ),
          },
          { term: 'Key state', value: <KeyStateLabel state={state} expiresAt={expiresAt} /> },
          { term: 'Expires', value: <Time at={expiresAt} show="both" /> },
          { term: 'Fingerprint', value: <Fingerprint value={signer} isFull /> },
          signingKey !== signer && {
            term: 'Signed with',
            value: (
              <>
                subkey <Fingerprint value={signingKey} isFull />, expires{' '}
                <Time at={key.signingKeyExpiresAt} show="both" />
              </>
            ),
          },
          algorithm !== '' && { term: 'Algorithm', value: algorithm },
          { term: 'User ids', value: <UserIds userIds={userIds} /> },
        ]}
      />
    </SectionCard>
  );
}
