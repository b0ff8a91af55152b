// Bars over time, one stack per day. The same numbers are there as a table for whoever cannot see them.
import { useId } from 'react';
import { ChartLegend, type Series } from './chart-legend.tsx';
import { createTicks, formatTick } from './chart-scale.ts';
import { ChartTable } from './chart-table.tsx';
import { formatCount } from './count.ts';
import { useWidth } from './use-width.ts';

export type Bar = {
  /** Below the bar, and in the table: “2026-11-20”. */
  readonly label: string;
  /** In the order of the series. */
  readonly values: readonly number[];
};

type BarChartProps = {
  readonly title: string;
  readonly series: readonly Series[];
  readonly bars: readonly Bar[];
  /** The label where there is little room; the label itself when not given. */
  readonly shorten?: (label: string) => string;
};

const HEIGHT = 280;
const PLOT = { top: 8, right: 24, bottom: 24, left: 40 };
const LABEL_WIDTH = 56; // so that neighbouring labels keep apart

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export function BarChart({ title, series, bars, shorten = (label) => label }: BarChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const titleId = useId();
  const ticks = createTicks(Math.max(0, ...bars.map(({ values }) => sum(values))));
  const highest = ticks.at(-1) ?? 1;
  const inner = { width: width - PLOT.left - PLOT.right, height: HEIGHT - PLOT.top - PLOT.bottom };
  const y = (value: number) => PLOT.top + inner.height * (1 - value / highest);
  const slot = inner.width / Math.max(1, bars.length);
  const every = Math.max(1, Math.ceil(LABEL_WIDTH / slot));
  return (
    <figure className="lks-chart" aria-labelledby={titleId}>
      <figcaption id={titleId} className="pf-v6-screen-reader">
        {title}
      </figcaption>
      <ChartLegend series={series} />
      <div ref={frame} className="lks-chart-frame">
        {inner.width <= 0 ? null : (
          <svg width={width} height={HEIGHT} aria-hidden="true">
            {ticks.map((tick) => (
              <g key={tick}>
                <line className="lks-chart-grid" x1={PLOT.left} x2={width - PLOT.right} y1={y(tick)} y2={y(tick)} />
                <text x={PLOT.left - 6} y={y(tick)} textAnchor="end" dominantBaseline="middle">
                  {formatTick(tick)}
                </text>
              </g>
            ))}
            {bars.map((bar, index) => (
              <g key={bar.label} className="lks-chart-bar">
                <title>{describe(bar, series)}</title>
                <rect
                  className="lks-chart-hit"
                  x={PLOT.left + index * slot}
                  y={PLOT.top}
                  width={slot}
                  height={inner.height}
                />
                <Stack bar={bar} series={series} x={PLOT.left + (index + 0.15) * slot} width={slot * 0.7} y={y} />
                {(bars.length - 1 - index) % every === 0 ? (
                  <text x={PLOT.left + (index + 0.5) * slot} y={HEIGHT - 6} textAnchor="middle">
                    {shorten(bar.label)}
                  </text>
                ) : null}
              </g>
            ))}
          </svg>
        )}
      </div>
      <ChartTable title={title} columns={series.map(({ label }) => label)} rows={bars} />
    </figure>
  );
}

function describe({ label, values }: Bar, series: readonly Series[]): string {
  return [label, ...series.map((each, index) => `${each.label}: ${formatCount(values[index] ?? 0)}`)].join('\n');
}

type StackProps = {
  readonly bar: Bar;
  readonly series: readonly Series[];
  readonly x: number;
  readonly width: number;
  readonly y: (value: number) => number;
};

function Stack({ bar, series, x, width, y }: StackProps) {
  return series.map(({ label, colour }, index) => {
    const below = sum(bar.values.slice(0, index));
    const value = bar.values[index] ?? 0;
    if (value <= 0) return null;
    // A single refusal among thousands of uploads is still to be seen.
    const height = Math.max(2, y(below) - y(below + value));
    return (
      <rect key={label} className={`lks-chart-${colour}`} x={x} width={width} y={y(below) - height} height={height} />
    );
  });
}
