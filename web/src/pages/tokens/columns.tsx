// The columns of the list of tokens.
import type { Token } from '../../api/schema.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { useNow } from '../../parts/clock.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Expiry } from '../../parts/expiry.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { PermissionList, ScopeList } from '../../parts/scopes.tsx';
import { findTokenState, StateLabel } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import './tokens.css';
import { activityPath } from '../../parts/paths.ts';

export function createColumns(onRevoke: (token: Token) => void): readonly Column<Token>[] {
  return [
    { title: 'Name', width: 20, cell: (token) => <Name of={token} /> },
    { title: 'State', cell: (token) => <State of={token} /> },
    { title: 'Permissions', cell: ({ permissions }) => <PermissionList permissions={permissions} /> },
    { title: 'Scopes', width: 20, cell: ({ scopes }) => <ScopeList scopes={scopes} /> },
    { title: 'Expires', modifier: 'nowrap', cell: (token) => <End of={token} /> },
    { title: 'Last use', cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
    { title: 'Actions', isActions: true, cell: (token) => <Actions of={token} onRevoke={onRevoke} /> },
  ];
}

function Name({ of: { id, name } }: { of: Token }) {
  return (
    <div>
      <UserText>{name}</UserText>
      <code className="lks-token-id">{id}</code>
    </div>
  );
}

function State({ of: token }: { of: Token }) {
  return <StateLabel state={findTokenState(token, useNow())} />;
}

/** Nothing depends on the date of a token that is revoked, and one that has expired says so already. */
function End({ of: token }: { of: Token }) {
  const isActive = findTokenState(token, useNow()) === 'active';
  return isActive ? <Expiry at={token.expiresAt} /> : <Time at={token.expiresAt} />;
}

function Actions({ of: token, onRevoke }: { of: Token; onRevoke: (token: Token) => void }) {
  const isActive = findTokenState(token, useNow()) === 'active';
  return (
    <div className="lks-row-actions">
      <LinkButton to={activityPath(token.id)} variant="link" isInline>
        Activity
      </LinkButton>
      {isActive ? (
        <ActionButton permission="admin" variant="link" isInline isDanger onClick={() => onRevoke(token)}>
          Revoke
        </ActionButton>
      ) : null}
    </div>
  );
}
