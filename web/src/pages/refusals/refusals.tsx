// What was refused, and why.
import { Button } from '@patternfly/react-core';
import { Link, useSearchParams } from 'react-router';
import type { Refusal } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ActorName } from '../../parts/actor-name.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Digest } from '../../parts/digest.tsx';
import { ErrorHelp } from '../../parts/error-help.tsx';
import { Facts } from '../../parts/facts.tsx';
import { ChoiceFilter, FilterBar, TextFilter } from '../../parts/filters.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { RefusalReason, Told } from '../../parts/refusal-reason.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useCursor } from '../../parts/use-cursor.ts';
import { useFilter } from '../../parts/use-filter.ts';
import { UserText } from '../../parts/user-text.tsx';
import { REFUSAL_CODES } from './refusal-codes.ts';

const COLUMNS: readonly Column<Refusal>[] = [
  { title: 'When', modifier: 'nowrap', cell: ({ at }) => <Time at={at} /> },
  { title: 'Reason', width: 25, cell: ({ code, title }) => <RefusalReason code={code} title={title} /> },
  { title: 'The uploader was told', width: 35, cell: ({ detail }) => <Told>{detail}</Told> },
  { title: 'Uploaded by', cell: ({ actor }) => <ActorName actor={actor} /> },
  { title: 'Target', width: 20, cell: ({ target }) => <Target>{target}</Target> },
];

const CODES = REFUSAL_CODES.map((code) => ({ value: code, label: code }));

export function Refusals() {
  const cursor = useCursor();
  const [wanted] = useFilter('code');
  const [actor] = useFilter('actor');
  const code = REFUSAL_CODES.find((each) => each === wanted); // the address may name one that does not exist
  const answer = useAnswer('listRefusals', { query: { code, actor, cursor: cursor.cursor } }, { keep: true });
  const isFiltered = code !== undefined || actor !== undefined;
  const isBare = answer.data?.items.length === 0 && !isFiltered && cursor.cursor === undefined;
  return (
    <>
      <PageHeader
        title="Refusals"
        description="Uploads that were refused, newest first, and what their uploaders were told. Nothing here changed the store. The latest 10,000 are kept."
      />
      <PageBody>
        {isBare ? null : (
          <FilterBar>
            <ChoiceFilter name="code" label="Reason" all="All reasons" choices={CODES} />
            <TextFilter name="actor" label="Uploaded by" placeholder="Name of a user or token" />
          </FilterBar>
        )}
        <PagedTable
          label="Refusals"
          columns={COLUMNS}
          rowKey={({ id }) => id}
          answer={answer}
          cursor={cursor}
          detail={Details}
          empty={isFiltered ? <NoneFound /> : <NoneYet />}
        />
      </PageBody>
    </>
  );
}

/** Short where it names an image; it is whole in the details. */
function Target({ children: target }: { children: string | null }) {
  if (target === null) return <span>none given</span>;
  const [, repository, hex] = /^([^@]+)@sha256[=:]([0-9a-f]{64})(?:\/signature-\d+)?$/.exec(target) ?? [];
  if (repository === undefined) return <UserText>{target}</UserText>;
  return (
    <>
      <UserText>{repository}</UserText> <Digest value={`sha256:${hex}`} hasCopy={false} />
    </>
  );
}

function Details({ at, code, target, actor }: Refusal) {
  return (
    <Facts
      label="Details of the refusal"
      facts={[
        { term: 'What to do', value: <ErrorHelp code={code} /> },
        { term: 'When', value: <Time at={at} show="both" /> },
        target !== null && { term: 'Target', value: <UserText>{target}</UserText> },
        {
          term: actor.kind === 'token' ? 'Token' : 'Uploader',
          value: (
            <>
              <UserText>{idOf(actor)}</UserText>{' '}
              <Link to={`/refusals?actor=${encodeURIComponent(idOf(actor))}`}>all their refusals</Link>
            </>
          ),
        },
      ]}
    />
  );
}

/** A token's name may be that of another one; its id is its own. */
const idOf = (actor: Refusal['actor']) => (actor.kind === 'token' ? actor.id : actor.name);

function NoneYet() {
  return (
    <NothingHere
      title="Nothing was refused"
      actions={
        <LinkButton to="/check" variant="secondary">
          Check a signature
        </LinkButton>
      }
    >
      Uploads that the store does not accept appear here with their reason.
    </NothingHere>
  );
}

function NoneFound() {
  const [, setSearch] = useSearchParams();
  return (
    <NothingHere
      title="No refusal fits the filters"
      actions={
        <Button variant="link" onClick={() => setSearch({})}>
          Clear all filters
        </Button>
      }
    >
      The uploader is the whole name of a user or token, or the id of a token.
    </NothingHere>
  );
}
