// All repositories that have or had a signature, found by name.
import type { Repository } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { FilterBar, TextFilter } from '../../parts/filters.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { useCursor } from '../../parts/use-cursor.ts';
import { useFilter } from '../../parts/use-filter.ts';
import { COLUMNS } from './columns.tsx';
import { EmptyStore, NoMatch } from './empty.tsx';

const rowKey = ({ name }: Repository) => name;

export function Repositories() {
  const cursor = useCursor();
  const [q, setQ] = useFilter('q');
  const answer = useAnswer('listRepositories', { query: { q, cursor: cursor.cursor } }, { keep: true });
  const isBare = answer.data?.items.length === 0 && q === undefined && cursor.cursor === undefined;
  return (
    <>
      <PageHeader title="Repositories" description="What has signatures in this store, by registry and name." />
      <PageBody>
        {isBare ? null : (
          <FilterBar>
            <TextFilter name="q" label="Filter by name" placeholder="Name, such as nginx" />
          </FilterBar>
        )}
        <PagedTable
          label="repositories"
          columns={COLUMNS}
          rowKey={rowKey}
          answer={answer}
          cursor={cursor}
          empty={q === undefined ? <EmptyStore /> : <NoMatch q={q} onClear={() => setQ(undefined)} />}
        />
      </PageBody>
    </>
  );
}
