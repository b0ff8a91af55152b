// What became of the file: each key, and where to go from here.
import { Button, Flex, Label } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { Answer } from '../../api/client.ts';
import { useNow } from '../../parts/clock.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Fingerprint } from '../../parts/digest.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { keyPath } from '../../parts/paths.ts';
import { ScopeList } from '../../parts/scopes.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { findKeyState, KeyStateLabel } from '../../parts/state-label.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { Arrived } from './arrived.tsx';

type Result = Answer<'registerKeys'>['results'][number];

const COLOURS = { registered: 'green', updated: 'blue', unchanged: 'grey' } as const;

const COLUMNS: readonly Column<Result>[] = [
  {
    title: 'Result',
    cell: ({ status }) => (
      <Label isCompact color={COLOURS[status]}>
        {status}
      </Label>
    ),
  },
  {
    title: 'Name',
    width: 30,
    cell: ({ key: { fingerprint, name } }) => (
      <Link to={keyPath(fingerprint)}>
        <UserText>{name}</UserText>
      </Link>
    ),
  },
  { title: 'Fingerprint', cell: ({ key }) => <Fingerprint value={key.fingerprint} /> },
  { title: 'State', cell: ({ key }) => <KeyStateLabel {...key} /> },
  { title: 'Scopes', cell: ({ key }) => <ScopeList scopes={key.scopes} /> },
];

export function Results({ results, onRestart }: { results: readonly Result[]; onRestart: () => void }) {
  const now = useNow();
  const isNew = results.some(({ status, key }) => status === 'registered' && findKeyState(key, now) === 'active');
  const hasRevoked = results.some(({ key }) => key.state === 'revoked');
  return (
    <div className="lks-sections">
      <Arrived>
        {isNew
          ? 'Registered. What an active key signs is accepted from now on; your pipeline needs a token to upload it.'
          : 'Done.'}
        {hasRevoked ? ' Nothing that a revoked key signed is served.' : null}
      </Arrived>
      <SectionCard title="Keys" isFlush>
        <DataTable
          label="Results"
          columns={COLUMNS}
          rows={results}
          rowKey={({ status, key }) => `${status} ${key.fingerprint}`}
        />
      </SectionCard>
      <Flex gap={{ default: 'gapSm' }}>
        <LinkButton to="/keys" variant="secondary">
          All keys
        </LinkButton>
        {isNew ? (
          <LinkButton to="/tokens" variant="secondary">
            Tokens
          </LinkButton>
        ) : null}
        <Button variant="link" onClick={onRestart}>
          Register another key
        </Button>
      </Flex>
    </div>
  );
}
