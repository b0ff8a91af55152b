// The columns of the list of publishers.
import { HelperText, HelperTextItem } from '@patternfly/react-core';
import type { Publisher } from '../../api/schema.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Fingerprint } from '../../parts/digest.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { activityPath, keyPath } from '../../parts/paths.ts';
import { ScopeList } from '../../parts/scopes.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import './publishers.css';

export function createColumns(onRemove: (publisher: Publisher) => void): readonly Column<Publisher>[] {
  return [
    { title: 'Name', width: 25, cell: (publisher) => <Name of={publisher} /> },
    { title: 'Claims', width: 30, cell: (publisher) => <Claims of={publisher} /> },
    { title: 'Scopes and keys', width: 25, cell: (publisher) => <Grant of={publisher} /> },
    { title: 'Last use', cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
    { title: 'Actions', isActions: true, cell: (publisher) => <Actions of={publisher} onRemove={onRemove} /> },
  ];
}

function Name({ of: { name, issuer } }: { of: Publisher }) {
  return (
    <div>
      <UserText>{name}</UserText>
      <span className="lks-issuer">
        <UserText>{issuer.replace('https://', '')}</UserText>
      </span>
    </div>
  );
}

function Claims({ of: { claims, advice } }: { of: Publisher }) {
  return (
    <>
      <dl className="lks-claims" aria-label="Claims">
        {Object.entries(claims).map(([name, value]) => (
          <div key={name}>
            <dt>
              <UserText>{name}</UserText>
            </dt>
            <dd>
              <code>
                <UserText>{value}</UserText>
              </code>
            </dd>
          </div>
        ))}
      </dl>
      {advice === null ? null : (
        <HelperText>
          <HelperTextItem variant="warning">Bound to no branch, workflow or environment.</HelperTextItem>
        </HelperText>
      )}
    </>
  );
}

function Grant({ of: { scopes, keys } }: { of: Publisher }) {
  return (
    <>
      <ScopeList scopes={scopes} />
      <ul className="lks-plain-list" aria-label="Keys">
        {keys.map((key) => (
          <li key={key}>
            <Fingerprint value={key} to={keyPath(key)} hasCopy={false} />
          </li>
        ))}
      </ul>
    </>
  );
}

type ActionsProps = { readonly of: Publisher; readonly onRemove: (publisher: Publisher) => void };

function Actions({ of: publisher, onRemove }: ActionsProps) {
  return (
    <div className="lks-row-actions">
      <LinkButton to={activityPath(publisher.name)} variant="link" isInline>
        Activity
      </LinkButton>
      <ActionButton permission="admin" variant="link" isInline isDanger onClick={() => onRemove(publisher)}>
        Remove
      </ActionButton>
    </div>
  );
}
