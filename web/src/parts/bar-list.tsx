// Horizontal bars with their names and numbers: a ranking. It is a list of text first, and readable as such.
import type { ReactNode } from 'react';
import type { ChartColour } from './chart-legend.tsx';
import { formatCount } from './count.ts';

export type BarItem = {
  readonly key: string;
  readonly label: ReactNode;
  readonly value: number;
};

type BarListProps = { readonly label: string; readonly items: readonly BarItem[]; readonly colour?: ChartColour };

export function BarList({ label, items, colour = 'blue' }: BarListProps) {
  const greatest = Math.max(1, ...items.map(({ value }) => value));
  return (
    <ul className="lks-bar-list" aria-label={label}>
      {items.map((item) => (
        <li key={item.key}>
          <span className="lks-bar-label">{item.label}</span>
          <span className="lks-bar-value">{formatCount(item.value)}</span>
          <svg className="lks-bar" width="100%" height={8} aria-hidden="true">
            <rect className="lks-chart-track" width="100%" height={8} rx={2} />
            <rect className={`lks-chart-${colour}`} width={`${(100 * item.value) / greatest}%`} height={8} rx={2} />
          </svg>
        </li>
      ))}
    </ul>
  );
}
