// The columns of the list of keys.
import { Link } from 'react-router';
import type { KeyWithServed } from '../../api/schema.ts';
import { useNow } from '../../parts/clock.tsx';
import { formatCount } from '../../parts/count.ts';
import type { Column } from '../../parts/data-table.tsx';
import { Fingerprint } from '../../parts/digest.tsx';
import { Expiry } from '../../parts/expiry.tsx';
import { ScopeList } from '../../parts/scopes.tsx';
import { findKeyState, StateLabel } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserIds } from '../../parts/user-ids.tsx';
import { UserText } from '../../parts/user-text.tsx';
import './keys.css';
import { keyPath } from '../../parts/paths.ts';

export const KEY_COLUMNS: readonly Column<KeyWithServed>[] = [
  { title: 'Key', width: 40, cell: (key) => <Names of={key} /> },
  { title: 'State', cell: (key) => <State of={key} /> },
  { title: 'Scopes', width: 25, cell: ({ scopes }) => <ScopeList scopes={scopes} /> },
  { title: 'Expires', modifier: 'nowrap', cell: (key) => <End of={key} /> },
  { title: 'Signatures served', width: 10, cell: ({ served }) => formatCount(served.signatures) },
];

/** A key that nobody named is called like its first user id, which is not said twice. */
function Names({ of: { name, fingerprint, userIds } }: { of: KeyWithServed }) {
  const others = userIds.filter((userId) => userId !== name);
  return (
    <>
      <Link to={keyPath(fingerprint)}>
        <UserText>{name}</UserText>
      </Link>
      <div>
        <Fingerprint value={fingerprint} />
      </div>
      {others.length === 0 ? null : (
        <div className="lks-key-user-ids">
          <UserIds userIds={others} shown={2} />
        </div>
      )}
    </>
  );
}

function State({ of: key }: { of: KeyWithServed }) {
  return <StateLabel state={findKeyState(key, useNow())} />;
}

/** Nothing depends on the date of a key that is revoked. */
function End({ of: { state, expiresAt } }: { of: KeyWithServed }) {
  return state === 'revoked' ? <Time at={expiresAt} /> : <Expiry at={expiresAt} />;
}
