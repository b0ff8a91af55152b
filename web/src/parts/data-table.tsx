// Rows and columns, which become cards where the screen is narrow.
import './data-table.css';
import { Skeleton } from '@patternfly/react-core';
import { ExpandableRowContent, Table, Tbody, Td, type TdProps, Th, Thead, Tr } from '@patternfly/react-table';
import { type ReactNode, useState } from 'react';

export type Column<Row> = {
  /** Also the label of the value where the row is a card. */
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** In per cent; the rest is shared out. */
  readonly width?: NonNullable<TdProps['width']>;
  /** Values wrap between words, and foreign text anywhere, unless this says otherwise. */
  readonly modifier?: 'nowrap' | 'fitContent';
  /** For a column of buttons: its title is for screen readers only. */
  readonly isActions?: boolean;
};

type DataTableProps<Row> = {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Undefined while they are loading. */
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string | number;
  /** The rows of before, while others are on their way. */
  readonly isOld?: boolean;
  /** More about a row, behind a button at its beginning. */
  readonly detail?: ((row: Row) => ReactNode) | undefined;
};

const SKELETON_ROWS = ['a', 'b', 'c', 'd', 'e'];

export function DataTable<Row>({ label, columns, rows, rowKey, isOld = false, detail }: DataTableProps<Row>) {
  return (
    <Table
      aria-label={label}
      aria-busy={rows === undefined || isOld}
      variant="compact"
      gridBreakPoint="grid-lg"
      className={isOld ? 'lks-table lks-old' : 'lks-table'}
    >
      <Thead>
        <Tr>
          {detail === undefined ? null : <Th screenReaderText="Details" />}
          {columns.map((column) => (
            <Th key={column.title} {...lookOf(column)}>
              {column.isActions === true ? <span className="pf-v6-screen-reader">{column.title}</span> : column.title}
            </Th>
          ))}
        </Tr>
      </Thead>
      <Rows columns={columns} rows={rows} rowKey={rowKey} detail={detail} />
    </Table>
  );
}

type RowsProps<Row> = Pick<DataTableProps<Row>, 'columns' | 'rows' | 'rowKey' | 'detail'>;

function Rows<Row>({ columns, rows, rowKey, detail }: RowsProps<Row>) {
  const titles = columns.map(({ title }) => title);
  if (rows === undefined)
    return (
      <Tbody>
        {SKELETON_ROWS.map((key) => (
          <SkeletonRow key={key} titles={titles} hasDetail={detail !== undefined} />
        ))}
      </Tbody>
    );
  if (detail !== undefined)
    return rows.map((row, index) => (
      <DetailedRow key={rowKey(row)} columns={columns} row={row} index={index} detail={detail} />
    ));
  return (
    <Tbody>
      {rows.map((row) => (
        <Tr key={rowKey(row)}>
          <Cells columns={columns} row={row} />
        </Tr>
      ))}
    </Tbody>
  );
}

type CellsProps<Row> = { readonly columns: readonly Column<Row>[]; readonly row: Row };

function Cells<Row>({ columns, row }: CellsProps<Row>) {
  return columns.map((column) => (
    <Td
      key={column.title}
      {...(column.isActions === true ? { isActionCell: true } : { dataLabel: column.title })}
      {...lookOf(column)}
    >
      {column.cell(row)}
    </Td>
  ));
}

type DetailedRowProps<Row> = CellsProps<Row> & { readonly index: number; readonly detail: (row: Row) => ReactNode };

function DetailedRow<Row>({ columns, row, index, detail }: DetailedRowProps<Row>) {
  const [isExpanded, setExpanded] = useState(false);
  return (
    <Tbody isExpanded={isExpanded}>
      <Tr isContentExpanded={isExpanded}>
        <Td expand={{ rowIndex: index, isExpanded, onToggle: () => setExpanded(!isExpanded) }} />
        <Cells columns={columns} row={row} />
      </Tr>
      {isExpanded ? (
        <Tr isExpanded>
          <Td colSpan={columns.length + 1}>
            <ExpandableRowContent>
              <div className="lks-row-detail">{detail(row)}</div>
            </ExpandableRowContent>
          </Td>
        </Tr>
      ) : null}
    </Tbody>
  );
}

function lookOf<Row>({ width, modifier, isActions }: Column<Row>) {
  return {
    modifier: modifier ?? (isActions === true ? ('fitContent' as const) : ('wrap' as const)),
    ...(width === undefined ? {} : { width }),
  };
}

function SkeletonRow({ titles, hasDetail }: { titles: readonly string[]; hasDetail: boolean }) {
  return (
    <Tr>
      {hasDetail ? <Td /> : null}
      {titles.map((title) => (
        <Td key={title} dataLabel={title}>
          <Skeleton screenreaderText="Loading" />
        </Td>
      ))}
    </Tr>
  );
}
