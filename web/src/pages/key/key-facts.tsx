// What is known about a key, and what of it can be changed.
import { Button } from '@patternfly/react-core';
import { DownloadIcon, PencilAltIcon } from '@patternfly/react-icons';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { address } from '../../api/client.ts';
import type { KeyWithServed } from '../../api/schema.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { useNow } from '../../parts/clock.tsx';
import { Fingerprint } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { ScopeList } from '../../parts/scopes.tsx';
import { findKeyState, StateLabel } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserIds } from '../../parts/user-ids.tsx';
import { UserText } from '../../parts/user-text.tsx';
import './key.css';
import { historyPath } from '../../parts/paths.ts';
import { RenameDialog } from './rename-dialog.tsx';
import { ScopesDialog } from './scopes-dialog.tsx';

type Asking = 'name' | 'scopes' | null;

export function KeyFacts({ of: key }: { of: KeyWithServed }) {
  const [asking, setAsking] = useState<Asking>(null);
  const now = useNow();
  const close = () => setAsking(null);
  const { fingerprint, name, userIds, scopes, createdAt, expiresAt, registeredAt, updatedAt } = key;
  return (
    <>
      <Facts
        facts={[
          {
            term: 'Name',
            value: (
              <Changeable label="Rename" onChange={() => setAsking('name')}>
                <UserText>{name}</UserText>
              </Changeable>
            ),
          },
          {
            term: 'State',
            value: (
              <>
                <StateLabel state={findKeyState(key, now)} />
                {key.stateSince === null ? null : (
                  <>
                    {' since '}
                    <Time at={key.stateSince} show="both" />
                  </>
                )}
              </>
            ),
          },
          key.stateReason !== null && { term: 'Reason', value: <UserText>{key.stateReason}</UserText> },
          { term: 'Fingerprint', value: <Fingerprint value={fingerprint} isFull /> },
          { term: 'User ids', value: <UserIds userIds={userIds} /> },
          { term: 'Algorithm', value: key.signingKeys.find(({ primary }) => primary)?.algorithm ?? 'unknown' },
          { term: 'Created', value: <Time at={createdAt} show="both" /> },
          { term: 'Expires', value: <Time at={expiresAt} show="both" /> },
          {
            term: 'Scopes',
            value:
              key.state === 'revoked' ? (
                <ScopeList scopes={scopes} />
              ) : (
                <Changeable label="Change scopes" onChange={() => setAsking('scopes')}>
                  <ScopeList scopes={scopes} />
                </Changeable>
              ),
          },
          { term: 'Registered', value: <Time at={registeredAt} show="both" /> },
          { term: 'Last change', value: <Time at={updatedAt} show="both" /> },
          { term: 'Public key', value: <Downloads fingerprint={fingerprint} /> },
          {
            term: 'History',
            value: <Link to={historyPath(fingerprint)}>Events of this key in the audit log</Link>,
          },
        ]}
      />
      {asking === 'name' && <RenameDialog of={key} onClose={close} />}
      {asking === 'scopes' && <ScopesDialog of={key} onClose={close} />}
    </>
  );
}

type ChangeableProps = { readonly label: string; readonly onChange: () => void; readonly children: ReactNode };

function Changeable({ label, onChange, children }: ChangeableProps) {
  return (
    <div className="lks-key-value">
      {children}
      <ActionButton permission="admin" variant="link" isInline icon={<PencilAltIcon />} onClick={onChange}>
        {label}
      </ActionButton>
    </div>
  );
}

function Downloads({ fingerprint }: { fingerprint: string }) {
  return (
    <div className="lks-key-value">
      {(['armored', 'binary'] as const).map((format) => (
        <Button
          key={format}
          component="a"
          variant="link"
          isInline
          icon={<DownloadIcon />}
          href={address('getKeyMaterial', { params: { fingerprint }, query: { format } })}
          download={`${fingerprint}.${format === 'armored' ? 'asc' : 'gpg'}`}
        >
          {`Download ${format}`}
        </Button>
      ))}
    </div>
  );
}
