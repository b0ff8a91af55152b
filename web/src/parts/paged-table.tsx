// A list of the API with all its states: loading, failed, empty, a page of many.
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { type Column, DataTable } from './data-table.tsx';
import { Pager } from './pager.tsx';
import { ErrorState } from './states.tsx';
import type { Cursor } from './use-cursor.ts';

type ListAnswer<Row> = { readonly items: readonly Row[]; readonly next?: string | null };

type PagedTableProps<Row> = {
  /** What the rows are, for screen readers: “keys”. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string | number;
  /** Of `useAnswer`, with `keep: true` where there are filters or pages. */
  readonly answer: UseQueryResult<ListAnswer<Row>, ApiError>;
  /** Of `useCursor`; left out for lists that come in one piece. */
  readonly cursor?: Cursor;
  /** Shown in place of the table when the list has no rows at all. */
  readonly empty: ReactNode;
  /** As of `<DataTable>`. */
  readonly detail?: (row: Row) => ReactNode;
};

export function PagedTable<Row>({ label, columns, rowKey, answer, cursor, empty, detail }: PagedTableProps<Row>) {
  const { data, error, isPlaceholderData, refetch } = answer;
  const top = useTopOnTurn(cursor?.cursor);
  if (error !== null && (data === undefined || isPlaceholderData))
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  const isBare = data !== undefined && data.items.length === 0;
  const isFirst = cursor?.cursor === undefined;
  if (isBare && isFirst && !data.next) return empty;
  return (
    <div ref={top} className="lks-paged-table">
      <DataTable
        label={label}
        columns={columns}
        rows={data?.items}
        rowKey={rowKey}
        isOld={isPlaceholderData}
        detail={detail}
      />
      {isBare ? <p className="lks-bare-page">{noneHere(data.next)}</p> : null}
      {cursor === undefined ? null : (
        <Pager cursor={cursor} next={isPlaceholderData ? null : data?.next} label={label} />
      )}
    </div>
  );
}

/** A filter looks at a bounded number of rows for one page, and may find none in them. */
function noneHere(next: string | null | undefined): string {
  return next ? 'Nothing found so far. The search goes on with the next page.' : 'Nothing more.';
}

/** Turning a page shows its beginning, as loading it would. */
function useTopOnTurn(cursor: string | undefined) {
  const top = useRef<HTMLDivElement>(null);
  const before = useRef(cursor);
  useEffect(() => {
    if (before.current === cursor) return;
    before.current = cursor;
    if ((top.current?.getBoundingClientRect().top ?? 0) < 0) top.current?.scrollIntoView();
  }, [cursor]);
  return top;
}
