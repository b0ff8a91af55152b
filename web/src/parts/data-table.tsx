// Rows and columns, which become cards where the screen is narrow.
import { Skeleton } from '@patternfly/react-core';
import { Table, Tbody, Td, type TdProps, Th, Thead, Tr } from '@patternfly/react-table';
import type { ReactNode } from 'react';

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
};

const SKELETON_ROWS = ['a', 'b', 'c', 'd', 'e'];

export function DataTable<Row>({ label, columns, rows, rowKey, isOld = false }: DataTableProps<Row>) {
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
          {columns.map((column) => (
            <Th key={column.title} {...lookOf(column)}>
              {column.isActions === true ? <span className="pf-v6-screen-reader">{column.title}</span> : column.title}
            </Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {rows === undefined
          ? SKELETON_ROWS.map((key) => <SkeletonRow key={key} titles={columns.map(({ title }) => title)} />)
          : rows.map((row) => (
              <Tr key={rowKey(row)}>
                {columns.map((column) => (
                  <Td
                    key={column.title}
                    {...(column.isActions === true ? { isActionCell: true } : { dataLabel: column.title })}
                    {...lookOf(column)}
                  >
                    {column.cell(row)}
                  </Td>
                ))}
              </Tr>
            ))}
      </Tbody>
    </Table>
  );
}

function lookOf<Row>({ width, modifier, isActions }: Column<Row>) {
  return {
    modifier: modifier ?? (isActions === true ? ('fitContent' as const) : ('wrap' as const)),
    ...(width === undefined ? {} : { width }),
  };
}

function SkeletonRow({ titles }: { titles: readonly string[] }) {
  return (
    <Tr>
      {titles.map((title) => (
        <Td key={title} dataLabel={title}>
          <Skeleton screenreaderText="Loading" />
        </Td>
      ))}
    </Tr>
  );
}
