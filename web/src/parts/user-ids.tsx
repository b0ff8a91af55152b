// The user ids of a key, which its owner wrote: a short list, and the rest on request.
import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { UserText } from './user-text.tsx';

type UserIdsProps = { readonly userIds: readonly string[]; readonly shown?: number };

export function UserIds({ userIds, shown = 5 }: UserIdsProps) {
  const [isAll, setAll] = useState(false);
  if (userIds.length === 0) return <span>none</span>;
  const all = [...new Set(userIds)];
  const rest = all.length - shown;
  return (
    <>
      <ul className="lks-user-ids">
        {(isAll ? all : all.slice(0, shown)).map((userId) => (
          <li key={userId}>
            <UserText>{userId}</UserText>
          </li>
        ))}
      </ul>
      {rest > 0 ? (
        <Button variant="link" isInline aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? 'Show fewer' : `Show ${rest} more`}
        </Button>
      ) : null}
    </>
  );
}
