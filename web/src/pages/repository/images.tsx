// The images of a repository, the newest first: which are signed, by whom.
import { Label } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { Image } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useNow } from '../../parts/clock.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Digest } from '../../parts/digest.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { imagePath, keyPath } from '../../parts/paths.ts';
import { Reference } from '../../parts/reference.tsx';
import { isExpired, StateLabel } from '../../parts/state-label.tsx';
import { ErrorState } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useCursor } from '../../parts/use-cursor.ts';
import { UserText } from '../../parts/user-text.tsx';
import { NoRepository } from './no-repository.tsx';

const COLUMNS: readonly Column<Image>[] = [
  { title: 'Image', cell: ({ repository, digest }) => <Digest value={digest} to={imagePath(repository, digest)} /> },
  {
    title: 'References',
    width: 25,
    cell: (image) => <References image={image} />,
  },
  { title: 'Signed by', width: 25, cell: ({ signers }) => <Signers signers={signers} /> },
  { title: 'Live signatures', cell: (image) => <Live image={image} /> },
  { title: 'First stored', cell: ({ firstStoredAt }) => <Time at={firstStoredAt} /> },
  { title: 'Last stored', cell: ({ lastStoredAt }) => <Time at={lastStoredAt} /> },
];

const rowKey = ({ id }: Image) => id;

export function Images({ repository }: { repository: string }) {
  const cursor = useCursor();
  const answer = useAnswer('listImages', { query: { repository, cursor: cursor.cursor } }, { keep: true });
  if (answer.error?.code === 'REPOSITORY_INVALID') return <NoRepository name={repository} />;
  if (answer.error?.code === 'TOKEN_SCOPE') return <ErrorState error={answer.error} />;
  return (
    <PagedTable
      label="images"
      columns={COLUMNS}
      rowKey={rowKey}
      answer={answer}
      cursor={cursor}
      empty={<NoRepository name={repository} />}
    />
  );
}

function References({ image: { repository, references } }: { image: Image }) {
  return (
    <ul className="lks-plain-list">
      {references.map((reference) => (
        <li key={reference}>
          <Reference repository={repository}>{reference}</Reference>
        </li>
      ))}
    </ul>
  );
}

function Live({ image: { live, signers } }: { image: Image }) {
  const now = useNow();
  if (live > 0 && !signers.every(({ expiresAt }) => isExpired(expiresAt, now))) return live;
  return (
    <Label isCompact status="danger" title="runtimes that require a signature refuse it">
      {live === 0 ? 'unsigned now' : `${live}, none accepted`}
    </Label>
  );
}

function Signers({ signers }: Pick<Image, 'signers'>) {
  const now = useNow();
  if (signers.length === 0) return 'nobody';
  return (
    <ul className="lks-plain-list">
      {signers.map(({ fingerprint, name, expiresAt }) => (
        <li key={fingerprint}>
          <Link to={keyPath(fingerprint)}>
            <UserText>{name}</UserText>
          </Link>
          {isExpired(expiresAt, now) ? <StateLabel state="expired" /> : null}
        </li>
      ))}
    </ul>
  );
}
