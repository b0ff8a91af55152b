// Results of one kind: the best of them, and the way to the others.
import { Children, type ReactNode } from 'react';
import { Link } from 'react-router';
import { SectionCard } from '../../parts/section-card.tsx';

export const SHOWN = 10;

type ResultGroupProps<Row> = {
  readonly title: string;
  /** At most one more than are shown, which says that there are others. */
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  readonly render: (row: Row) => ReactNode;
  /** The list that has all of them; where there is none, only more letters help. */
  readonly all?: { readonly to: string; readonly label: string };
};

export function ResultGroup<Row>({ title, rows, rowKey, render, all }: ResultGroupProps<Row>) {
  if (rows.length === 0) return null;
  const hasMore = rows.length > SHOWN;
  return (
    <SectionCard title={title}>
      <ul className="lks-results" aria-label={title}>
        {rows.slice(0, SHOWN).map((row) => (
          <li key={rowKey(row)}>{render(row)}</li>
        ))}
      </ul>
      {hasMore ? (
        <p className="lks-more-results">
          The first {SHOWN} are shown.{' '}
          {all === undefined ? (
            'Type more to see others.'
          ) : (
            <Link to={all.to} data-stop>
              {all.label}
            </Link>
          )}
        </p>
      ) : null}
    </SectionCard>
  );
}

type ResultProps = { readonly to: string; readonly title: ReactNode; readonly children: ReactNode };

/** The link is what the arrow keys lead to; each child is a fact, and they stand below it. */
export function Result({ to, title, children }: ResultProps) {
  return (
    <>
      <Link to={to} data-stop className="lks-result">
        {title}
      </Link>
      <ul className="lks-result-facts">
        {Children.map(children, (fact) => (
          <li>{fact}</li>
        ))}
      </ul>
    </>
  );
}
