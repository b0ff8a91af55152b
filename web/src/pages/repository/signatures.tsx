// All signatures of a repository, the newest first.
import { Link } from 'react-router';
import type { Signature } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ActorName } from '../../parts/actor-name.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Digest } from '../../parts/digest.tsx';
import { ChoiceFilter, FilterBar } from '../../parts/filters.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { imagePath, keyPath, signaturePath } from '../../parts/paths.ts';
import { Reference } from '../../parts/reference.tsx';
import { StateLabel } from '../../parts/state-label.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useCursor } from '../../parts/use-cursor.ts';
import { useFilter } from '../../parts/use-filter.ts';
import { UserText } from '../../parts/user-text.tsx';
import { NoRepository } from './no-repository.tsx';
import './repository.css';

const STATES = ['live', 'withdrawn', 'revoked'] as const;

const COLUMNS: readonly Column<Signature>[] = [
  {
    title: 'Signature',
    modifier: 'nowrap',
    cell: ({ id, number }) => (
      <>
        <Link to={signaturePath(id)}>{id}</Link>
        {number === null ? null : <small className="lks-signature-number">signature-{number}</small>}
      </>
    ),
  },
  {
    title: 'Image',
    cell: ({ repository, digest }) => <Digest value={digest} to={imagePath(repository, digest)} hasCopy={false} />,
  },
  { title: 'State', cell: ({ state }) => <StateLabel state={state} /> },
  {
    title: 'Reference',
    width: 20,
    cell: ({ repository, reference }) => <Reference repository={repository}>{reference}</Reference>,
  },
  {
    title: 'Signer',
    width: 20,
    cell: ({ signer, signerName }) => (
      <Link to={keyPath(signer)}>
        <UserText>{signerName}</UserText>
      </Link>
    ),
  },
  { title: 'Stored', cell: ({ storedAt }) => <Time at={storedAt} /> },
  { title: 'Uploaded by', cell: ({ storedBy }) => <ActorName actor={storedBy} /> },
];

const rowKey = ({ id }: Signature) => id;

export function Signatures({ repository }: { repository: string }) {
  const cursor = useCursor();
  const [chosen] = useFilter('state');
  const state = STATES.find((each) => each === chosen);
  const answer = useAnswer('listSignatures', { query: { repository, state, cursor: cursor.cursor } }, { keep: true });
  return (
    <div className="lks-below-tabs">
      <FilterBar>
        <ChoiceFilter
          name="state"
          label="State"
          all="All states"
          choices={STATES.map((value) => ({ value, label: value }))}
        />
      </FilterBar>
      <PagedTable
        label="signatures"
        columns={COLUMNS}
        rowKey={rowKey}
        answer={answer}
        cursor={cursor}
        empty={
          state === undefined ? (
            <NoRepository name={repository} />
          ) : (
            <NothingHere title="None in this state">Choose another state to see the others.</NothingHere>
          )
        }
      />
    </div>
  );
}
