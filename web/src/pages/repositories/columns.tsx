// What the list tells about a repository.
import { Label } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { Repository } from '../../api/schema.ts';
import type { Column } from '../../parts/data-table.tsx';
import { repositoryPath } from '../../parts/paths.ts';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

export const COLUMNS: readonly Column<Repository>[] = [
  {
    title: 'Repository',
    width: 50,
    cell: ({ name }) => (
      <Link to={repositoryPath(name)}>
        <UserText>{name}</UserText>
      </Link>
    ),
  },
  { title: 'Images', cell: ({ images }) => images.toLocaleString('en') },
  { title: 'Live signatures', cell: ({ live }) => (live === 0 ? <NoneLive /> : live.toLocaleString('en')) },
  { title: 'Last stored', cell: ({ lastStoredAt }) => <Time at={lastStoredAt} /> },
];

function NoneLive() {
  return (
    <Label isCompact status="warning" title="runtimes that require a signature refuse all its images">
      none
    </Label>
  );
}
