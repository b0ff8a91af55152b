// One box for everything that has a name.
import './search.css';
import { SearchInput } from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
import type { SearchResults } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { ErrorState, Loading, NothingHere } from '../../parts/states.tsx';
import { useTypedFilter } from '../../parts/use-typed-filter.ts';
import { UserText } from '../../parts/user-text.tsx';
import { Examples } from './examples.tsx';
import { MAX_QUESTION, readQuestion } from './read-question.ts';
import { SHOWN } from './result-group.tsx';
import { Results } from './results.tsx';
import { useArrowKeys } from './use-arrow-keys.ts';

const PAUSE_MS = 200;

export function Search() {
  const frame = useRef<HTMLElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const toBox = () => box.current?.focus({ preventScroll: true });
  const { text, setText, value } = useTypedFilter('q', PAUSE_MS, toBox);
  useArrowKeys(frame);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <PageHeader title="Search" />
      <PageBody>
        <search ref={frame} className="lks-search">
          <SearchInput
            ref={box}
            aria-label="Search for a repository, digest, tag, key, signer or token"
            placeholder="Repository, digest, tag, key, signer or token"
            value={text}
            maxLength={MAX_QUESTION}
            autoComplete="off"
            spellCheck={false}
            onChange={(_event, next) => setText(next)}
            onClear={() => {
              setText('');
              toBox();
            }}
            resetButtonLabel="Clear"
          />
          <Answer question={readQuestion(value)} />
        </search>
      </PageBody>
    </>
  );
}

function Answer({ question }: { question: string }) {
  const isAsked = question !== '';
  const { data, error, isPlaceholderData, refetch } = useAnswer(
    'search',
    { query: { q: question, limit: SHOWN + 1 } },
    { enabled: isAsked, keep: true },
  );
  if (!isAsked) return <Examples />;
  if (error !== null && (data === undefined || isPlaceholderData))
    return <ErrorState error={error} title="The search failed" onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="Searching" />;
  const found = Object.values(data).reduce((sum, rows) => sum + Math.min(rows.length, SHOWN), 0);
  return (
    <>
      <p role="status" className="pf-v6-screen-reader">
        {isPlaceholderData ? 'Searching' : describe(data, found)}
      </p>
      <div className={isPlaceholderData ? 'lks-old' : undefined} aria-busy={isPlaceholderData}>
        {found === 0 ? <NothingFound question={question} /> : <Results found={data} question={question} />}
      </div>
    </>
  );
}

function describe(results: SearchResults, found: number): string {
  if (found === 0) return 'Nothing was found';
  const kinds = Object.entries(results).filter(([, rows]) => rows.length > 0);
  return `${found} found: ${kinds.map(([kind, rows]) => `${Math.min(rows.length, SHOWN)} ${kind}`).join(', ')}`;
}

function NothingFound({ question }: { question: string }) {
  return (
    <>
      <NothingHere title="Nothing was found">
        Nothing in this store is called “<UserText>{question}</UserText>”.
      </NothingHere>
      <Examples />
    </>
  );
}
