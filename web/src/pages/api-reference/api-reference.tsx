// The HTTP API, read from the document that the server makes of its own descriptions.
import { Button } from '@patternfly/react-core';
import { DownloadIcon } from '@patternfly/react-icons';
import { useMemo } from 'react';
import { type Answer, address } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Answered } from '../../parts/answered.tsx';
import { FilterBar, TextFilter } from '../../parts/filters.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { useFilter } from '../../parts/use-filter.ts';
import { UserText } from '../../parts/user-text.tsx';
import './api-reference.css';
import { Authentication } from './authentication.tsx';
import { matches, readDocument } from './document.ts';
import { OperationView } from './operation-view.tsx';

export function ApiReference() {
  const answer = useAnswer('getOpenApi');
  return (
    <>
      <PageHeader
        title="API reference"
        description="Everything these pages do goes through this API, and programs can do it too."
        actions={
          <Button
            component="a"
            variant="secondary"
            icon={<DownloadIcon />}
            href={address('getOpenApi')}
            download="lookaside-openapi.json"
          >
            OpenAPI document
          </Button>
        }
      />
      <PageBody>
        <Authentication />
        <Answered answer={answer} what="Loading the calls">
          {(document) => <Calls answer={document} />}
        </Answered>
      </PageBody>
    </>
  );
}

function Calls({ answer }: { answer: Answer<'getOpenApi'> }) {
  const { operations, schemas } = useMemo(() => readDocument(answer), [answer]);
  const [q] = useFilter('q');
  const groups = Map.groupBy(
    q === undefined ? operations : operations.filter((each) => matches(each, q)),
    ({ tag }) => tag,
  );
  return (
    <div className="lks-sections">
      <FilterBar>
        <TextFilter name="q" label="Filter the calls" placeholder="Path or word" />
      </FilterBar>
      {groups.size === 0 && q !== undefined ? (
        <NothingHere title="No call matches">
          Nothing has “<UserText>{q}</UserText>” in its method, path or summary.
        </NothingHere>
      ) : null}
      {[...groups].map(([tag, members]) => (
        <SectionCard key={tag} title={tag}>
          {members.map((operation) => (
            <OperationView key={operation.operationId} operation={operation} schemas={schemas} />
          ))}
        </SectionCard>
      ))}
    </div>
  );
}
