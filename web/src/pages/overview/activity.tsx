// What was uploaded and what was refused in the last days, and why it was refused.
import type { Overview } from '../../api/schema.ts';
import { BarChart } from '../../parts/bar-chart.tsx';
import { BarList } from '../../parts/bar-list.tsx';
import type { Series } from '../../parts/chart-legend.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { RefusalReason } from '../../parts/refusal-reason.tsx';
import { SectionCard } from '../../parts/section-card.tsx';

const SERIES: readonly Series[] = [
  { label: 'Stored', colour: 'blue' },
  { label: 'Refused', colour: 'orange' },
];
const SHOWN = 5;

export function Activity({ days }: Pick<Overview, 'days'>) {
  const title = `Uploads of the last ${days.length} days`;
  const isQuiet = days.every(({ stored, refused }) => stored + refused === 0);
  return (
    <SectionCard title={title}>
      {isQuiet ? (
        <p>Nothing was uploaded in these days.</p>
      ) : (
        <BarChart
          title={`${title}, by day in UTC`}
          series={SERIES}
          bars={days.map(({ day, stored, refused }) => ({ label: day, values: [stored, refused] }))}
          shorten={(day) => day.slice('2026-'.length)}
        />
      )}
    </SectionCard>
  );
}

export function Reasons({ refusals }: Pick<Overview, 'refusals'>) {
  const rest = refusals.slice(SHOWN).reduce((sum, { count }) => sum + count, 0);
  const items = refusals.slice(0, SHOWN).map(({ code, title, count }) => ({
    key: code,
    label: <RefusalReason code={code} title={title} />,
    value: count,
  }));
  const others = {
    key: 'others',
    label: refusals.length - SHOWN === 1 ? '1 other reason' : `${refusals.length - SHOWN} other reasons`,
    value: rest,
  };
  return (
    <SectionCard
      title="Why uploads were refused"
      actions={
        <LinkButton to="/refusals" variant="link" isInline>
          All refusals
        </LinkButton>
      }
    >
      {items.length === 0 ? (
        <p>Nothing was refused in these days.</p>
      ) : (
        <BarList label="Refused uploads by reason" items={rest === 0 ? items : [...items, others]} colour="orange" />
      )}
    </SectionCard>
  );
}
