// Images that depend on a key, with what they are signed as.
import type { KeyImage } from '../api/schema.ts';
import type { Column } from './data-table.tsx';
import { Digest } from './digest.tsx';
import { imagePath } from './paths.ts';
import { Reference } from './reference.tsx';
import { UserText } from './user-text.tsx';

export const KEY_IMAGE_COLUMNS: readonly Column<KeyImage>[] = [
  { title: 'Repository', width: 40, cell: ({ repository }) => <UserText>{repository}</UserText> },
  {
    title: 'Image',
    cell: ({ repository, digest }) => <Digest value={digest} to={imagePath(repository, digest)} />,
  },
  {
    title: 'Sign as',
    width: 25,
    cell: ({ repository, references }) =>
      references.map((reference) => (
        <div key={reference}>
          <Reference repository={repository}>{reference}</Reference>
        </div>
      )),
  },
];

export const keyImageRow = ({ repository, digest }: KeyImage) => `${repository}@${digest}`;
