// A copy of a registered key: what it brings. Copies are united, so an older one takes nothing away.
import { Alert } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { Key, KeyPreview } from '../../api/schema.ts';
import { keyPath } from '../../parts/paths.ts';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { compareCopies } from './compare-copies.ts';

type NewerCopyProps = { readonly copy: KeyPreview['keys'][number]; readonly registered: Key };

export function NewerCopy({ copy, registered }: NewerCopyProps) {
  const { expiry, userIds, subkeys, revoked } = compareCopies(copy, registered);
  const isSame = !expiry && userIds.length === 0 && subkeys === 0 && revoked === 0 && copy.revocation === null;
  return (
    <Alert
      variant="info"
      isInline
      component="p"
      title={isSame ? 'It brings nothing new that would show.' : 'It brings something new:'}
    >
      {isSame ? null : (
        <ul className="lks-changes">
          {expiry ? (
            <li>
              expires <Time at={copy.expiresAt} show="absolute" />; registered is{' '}
              <Time at={registered.expiresAt} show="absolute" />
            </li>
          ) : null}
          {userIds.map((userId) => (
            <li key={userId}>
              new user id <UserText>{userId}</UserText>
            </li>
          ))}
          {subkeys === 0 ? null : <li>new subkeys: {subkeys}</li>}
          {revoked === 0 ? null : <li>revoked subkeys: {revoked}; what they signed is served no more</li>}
          {copy.revocation === null ? null : (
            <li>
              {registered.state === 'revoked' ? 'the revocation, which is known here' : 'the revocation of the key'}
            </li>
          )}
        </ul>
      )}
      <p>
        Registered as{' '}
        <Link to={keyPath(registered.fingerprint)}>
          <UserText>{registered.name}</UserText>
        </Link>
        . Nothing of the registered copy is lost, even when this one is older.
      </p>
    </Alert>
  );
}
