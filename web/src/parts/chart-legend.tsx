// Which colour is what.

export type ChartColour = 'blue' | 'orange' | 'green' | 'purple';
export type Series = { readonly label: string; readonly colour: ChartColour };

export function ChartLegend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="lks-chart-legend" aria-hidden="true">
      {series.map(({ label, colour }) => (
        <li key={label}>
          <svg width={12} height={12} aria-hidden="true">
            <rect className={`lks-chart-${colour}`} width={12} height={12} rx={2} />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}
