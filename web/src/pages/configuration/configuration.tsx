// The configuration of clients, made from what the store knows.
import './configuration.css';
import { useState } from 'react';
import { useAnswer } from '../../api/use-answer.ts';
import { GeneratedFile, GenerationNotes } from '../../parts/generated-file.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { ErrorState, Loading, NothingHere } from '../../parts/states.tsx';
import { useFilter } from '../../parts/use-filter.ts';
import { UserText } from '../../parts/user-text.tsx';
import { type Draft, toWishes } from './draft.ts';

import { isKind, type Kind, type Wishes } from './kinds.ts';
import { WishesForm } from './wishes-form.tsx';

export function Configuration() {
  const [chosen, choose] = useFilter('kind');
  const kind: Kind = isKind(chosen) ? chosen : 'registries.d';
  const [draft, setDraft] = useState<Draft>({});
  const [asked, setAsked] = useState<Draft>({});
  const wishes = toWishes(kind, asked);
  const answer = useAnswer('generateConfig', { body: wishes ?? { kind } }, { enabled: wishes !== null });
  const submit = () => {
    setAsked(draft);
    if (draft === asked) void answer.refetch();
  };
  return (
    <>
      <PageHeader
        title="Client configuration"
        description="What nodes and clusters need to read signatures here and to demand them, made from the registries, keys and scopes of this store."
      />
      <PageBody>
        <SectionCard title="What to make">
          <WishesForm
            kind={kind}
            onKind={choose}
            draft={draft}
            onChange={setDraft}
            onSubmit={submit}
            isPending={answer.isFetching}
            isNeeded={answer.error?.isFault === false}
          />
        </SectionCard>
        <Made wishes={wishes} answer={answer} />
      </PageBody>
    </>
  );
}

const hasWishes = ({ kind: _kind, ...wishes }: Wishes) => Object.keys(wishes).length > 0;

type MadeProps = {
  readonly wishes: Wishes | null;
  readonly answer: ReturnType<typeof useAnswer<'generateConfig'>>;
};

function Made({ wishes, answer: { data, error, refetch } }: MadeProps) {
  if (wishes === null)
    return (
      <NothingHere title="Something is still missing">
        Fill in the field marked as required, and make the files.
      </NothingHere>
    );
  if (error !== null && !error.isFault && !hasWishes(wishes))
    return (
      <NothingHere title="Nothing can be made yet">
        <UserText>{error.detail}</UserText>
      </NothingHere>
    );
  if (error !== null) return <ErrorState error={error} title="Nothing was made" onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="Making the files" />;
  return (
    <div className="lks-sections">
      <GenerationNotes notes={data.notes} />
      {data.files.map((file) => (
        <GeneratedFile key={file.path} {...file} />
      ))}
    </div>
  );
}
