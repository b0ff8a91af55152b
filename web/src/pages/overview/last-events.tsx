// The latest uploads and refusals.
import { Link } from 'react-router';
import type { Refusal, Signature } from '../../api/schema.ts';
import { ActorName } from '../../parts/actor-name.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { keyPath, repositoryPath, signaturePath } from '../../parts/paths.ts';
import { RefusalReason, Told } from '../../parts/refusal-reason.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { StateLabel } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

const UPLOADS: readonly Column<Signature>[] = [
  { title: 'When', modifier: 'nowrap', cell: ({ storedAt }) => <Time at={storedAt} /> },
  {
    title: 'Signed as',
    width: 30,
    cell: ({ id, reference, state }) => (
      <>
        <Link to={signaturePath(id)}>
          <UserText>{reference}</UserText>
        </Link>{' '}
        {state === 'live' ? null : <StateLabel state={state} />}
      </>
    ),
  },
  {
    title: 'Repository',
    width: 25,
    cell: ({ repository }) => (
      <Link to={repositoryPath(repository)}>
        <UserText>{repository}</UserText>
      </Link>
    ),
  },
  {
    title: 'Signed by',
    cell: ({ signer, signerName }) => (
      <Link to={keyPath(signer)}>
        <UserText>{signerName}</UserText>
      </Link>
    ),
  },
  { title: 'Uploaded by', cell: ({ storedBy }) => <ActorName actor={storedBy} /> },
];

export function LastUploads({ signatures }: { signatures: readonly Signature[] }) {
  return (
    <SectionCard title="Last uploads" isFlush>
      <DataTable label="Last uploads" columns={UPLOADS} rows={signatures} rowKey={({ id }) => id} />
    </SectionCard>
  );
}

const REFUSALS: readonly Column<Refusal>[] = [
  { title: 'When', modifier: 'nowrap', cell: ({ at }) => <Time at={at} /> },
  { title: 'Reason', width: 30, cell: ({ code, title }) => <RefusalReason code={code} title={title} /> },
  { title: 'The uploader was told', width: 40, cell: ({ detail }) => <Told>{detail}</Told> },
  { title: 'Uploaded by', cell: ({ actor }) => <ActorName actor={actor} /> },
];

export function LastRefusals({ refusals }: { refusals: readonly Refusal[] }) {
  return (
    <SectionCard
      title="Last refusals"
      isFlush
      actions={
        <LinkButton to="/refusals" variant="link" isInline>
          All refusals
        </LinkButton>
      }
    >
      <DataTable label="Last refusals" columns={REFUSALS} rows={refusals} rowKey={({ id }) => id} />
    </SectionCard>
  );
}
