// Everything that was changed, by whom.
import './audit.css';
import { Button } from '@patternfly/react-core';
import { DownloadIcon } from '@patternfly/react-icons';
import { useSearchParams } from 'react-router';
import { address } from '../../api/client.ts';
import type { AuditEvent } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ActorName } from '../../parts/actor-name.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { ChoiceFilter, FilterBar, TextFilter } from '../../parts/filters.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useCursor } from '../../parts/use-cursor.ts';
import { ACTIONS } from './actions.ts';
import { ChainStatus } from './chain-status.tsx';
import { EventDetails } from './event-details.tsx';
import { useAuditFilter } from './filter.ts';
import { SubjectLink } from './subject-link.tsx';
import { TimeFilter } from './time-filter.tsx';

const COLUMNS: readonly Column<AuditEvent>[] = [
  { title: 'No.', modifier: 'fitContent', cell: ({ seq }) => seq },
  { title: 'When', modifier: 'nowrap', cell: ({ at }) => <Time at={at} show="absolute" /> },
  { title: 'Action', cell: ({ action }) => <code>{action}</code> },
  { title: 'By', cell: ({ actor }) => <ActorName actor={actor} /> },
  { title: 'Subject', width: 40, cell: (event) => <SubjectLink event={event} /> },
];

const CHOICES = ACTIONS.map((action) => ({ value: action, label: action }));

export function Audit() {
  const cursor = useCursor();
  const filter = useAuditFilter();
  const answer = useAnswer('listAudit', { query: { ...filter, cursor: cursor.cursor } }, { keep: true });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Everything that changed the store, newest first: who did it, and to what."
      />
      <PageBody>
        {answer.data === undefined ? null : <ChainStatus chain={answer.data.chain} />}
        <FilterBar actions={<Export filter={filter} />}>
          <ChoiceFilter name="action" label="Action" all="All actions" choices={CHOICES} />
          <TextFilter name="actor" label="By" placeholder="Name of a user or token" />
          <TextFilter name="subject" label="Subject" placeholder="Image, key, token or user" />
          <TimeFilter name="since" label="Since" />
          <TimeFilter name="until" label="Until" />
        </FilterBar>
        <p className="lks-audit-zone">
          Since and until are in your time zone{zone === undefined ? '' : ` (${zone})`}; the log is in UTC.
        </p>
        <PagedTable
          label="Events"
          columns={COLUMNS}
          rowKey={({ seq }) => seq}
          answer={answer}
          cursor={cursor}
          detail={EventDetails}
          empty={<NoEvents isFiltered={Object.values(filter).some((each) => each !== undefined)} />}
        />
      </PageBody>
    </>
  );
}

function Export({ filter }: { filter: ReturnType<typeof useAuditFilter> }) {
  return (
    <Button
      component="a"
      variant="secondary"
      icon={<DownloadIcon />}
      href={address('exportAudit', { query: filter })}
      download="audit.jsonl"
    >
      Export as JSON lines
    </Button>
  );
}

function NoEvents({ isFiltered }: { isFiltered: boolean }) {
  const [, setSearch] = useSearchParams();
  if (!isFiltered) return <NothingHere title="Nothing has been changed yet" />;
  return (
    <NothingHere
      title="No event fits the filters"
      actions={
        <Button variant="link" onClick={() => setSearch({})}>
          Clear all filters
        </Button>
      }
    >
      Names and subjects have to be whole: repository@sha256=…, a fingerprint, the id of a token, the name of a user.
    </NothingHere>
  );
}
