// What the store knows about an image, the answer first and the signatures below.
import type { Answer } from '../../api/client.ts';
import { ChoiceFilter, FilterBar } from '../../parts/filters.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import type { Cursor } from '../../parts/use-cursor.ts';
import { ImageFacts } from './image-facts.tsx';
import { NoImage } from './no-image.tsx';
import { ReaderNotes } from './reader-notes.tsx';
import { GoneSignatures, LiveSignatures } from './signature-tables.tsx';
import { Summary } from './summary.tsx';

type FoundProps = {
  readonly image: { readonly repository: string; readonly digest: string };
  readonly list: Answer<'listSignatures'>;
  readonly cursor: Cursor;
  readonly isLiveOnly: boolean;
};

export function Found({ image, list: { items, next }, cursor, isLiveOnly }: FoundProps) {
  const isWhole = cursor.cursor === undefined && next === null;
  if (isWhole && !isLiveOnly && items.length === 0) return <Never {...image} />;
  const live = items.filter(({ state }) => state === 'live').toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0));
  const gone = items.filter(({ state }) => state !== 'live');
  return (
    <div className="lks-sections">
      <Summary live={live} gone={gone.length} isWhole={isWhole} isLiveOnly={isLiveOnly} />
      {live.some(({ notes }) => notes.length > 0) ? <ReaderNotes live={live} /> : null}
      <ImageFacts {...image} />
      {gone.length > 0 || isLiveOnly || !isWhole ? <LiveFilter /> : null}
      <SectionCard title="Live signatures" isFlush={live.length > 0}>
        <LiveSignatures rows={live} isWhole={isWhole} />
      </SectionCard>
      {gone.length === 0 ? null : (
        <SectionCard title="No longer served" isFlush>
          <GoneSignatures rows={gone} />
        </SectionCard>
      )}
      <Pager cursor={cursor} next={next} label="signatures" />
    </div>
  );
}

function LiveFilter() {
  return (
    <FilterBar>
      <ChoiceFilter
        name="state"
        label="Signatures shown"
        all="All signatures"
        choices={[{ value: 'live', label: 'Live signatures' }]}
      />
    </FilterBar>
  );
}

function Never({ repository, digest }: FoundProps['image']) {
  return (
    <div className="lks-sections">
      <NoImage repository={repository} digest={digest} />
      <ImageFacts repository={repository} digest={digest} />
    </div>
  );
}
