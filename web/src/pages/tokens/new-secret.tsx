// The secret of a new token, this once, and how it is used.
import { Alert } from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
import type { NewToken } from '../../api/schema.ts';
import { useSession } from '../../api/session.ts';
import { CodeLines, InlineCode } from '../../parts/code.tsx';
import { Facts } from '../../parts/facts.tsx';
import { PermissionList, ScopeList } from '../../parts/scopes.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { formatFirstUse } from './first-use.ts';

export function NewSecret({ token, onCopied }: { token: NewToken; onCopied: () => void }) {
  const { store } = useSession();
  const box = useRef<HTMLDivElement>(null);
  // The form that had the focus is gone.
  useEffect(() => box.current?.focus(), []);
  const copyByHand = () => {
    if (getSelection()?.toString().includes(token.secret) === true) onCopied();
  };
  return (
    <div className="lks-sections lks-new-secret" ref={box} tabIndex={-1} onCopy={copyByHand}>
      <Alert
        variant="warning"
        isInline
        isLiveRegion
        component="p"
        title="Copy the token now. It is not shown again, and this store does not keep it."
      />
      <Facts
        facts={[
          {
            term: 'Token',
            value: (
              <InlineCode what="the token" onCopied={onCopied}>
                {token.secret}
              </InlineCode>
            ),
          },
          { term: 'Name', value: <UserText>{token.name}</UserText> },
          { term: 'Permissions', value: <PermissionList permissions={token.permissions} /> },
          { term: 'Scopes', value: <ScopeList scopes={token.scopes} /> },
          { term: 'Expires', value: <Time at={token.expiresAt} show="both" /> },
        ]}
      />
      <p>Where it is used, as a masked variable of the pipeline or in a shell:</p>
      <CodeLines what="the commands" onCopied={onCopied}>
        {formatFirstUse(token, store.publicUrl)}
      </CodeLines>
    </div>
  );
}
