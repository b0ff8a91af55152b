// The columns of the list of aliases.
import { HelperText, HelperTextItem } from '@patternfly/react-core';
import type { Alias } from '../../api/schema.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { InlineCode } from '../../parts/code.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import './aliases.css';

type Options = {
  readonly publicUrl: string;
  readonly onChange: (alias: Alias) => void;
  readonly onRemove: (alias: Alias) => void;
};

export function createColumns({ publicUrl, onChange, onRemove }: Options): readonly Column<Alias>[] {
  return [
    { title: 'Path', width: 30, cell: (alias) => <Path of={alias} /> },
    {
      title: 'Stands for',
      width: 20,
      cell: ({ target }) => (
        <code>
          <UserText>{target}</UserText>
        </code>
      ),
    },
    {
      title: 'Address',
      cell: ({ path }) => <InlineCode what={`the address of ${path}`}>{publicUrl + path}</InlineCode>,
    },
    { title: 'Added', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      title: 'Actions',
      isActions: true,
      cell: (alias) => (
        <span className="lks-alias-actions">
          <ActionButton permission="admin" variant="link" isInline onClick={() => onChange(alias)}>
            Change
          </ActionButton>
          <ActionButton permission="admin" variant="link" isInline isDanger onClick={() => onRemove(alias)}>
            Remove
          </ActionButton>
        </span>
      ),
    },
  ];
}

function Path({ of: { path, warnings } }: { of: Alias }) {
  return (
    <>
      <code>
        <UserText>{path}</UserText>
      </code>
      {warnings.map((warning) => (
        <HelperText key={warning}>
          <HelperTextItem variant="warning">
            <UserText>{sentence(warning)}</UserText>
          </HelperTextItem>
        </HelperText>
      ))}
    </>
  );
}

/** As the command line has it, in a line of its own. */
export function sentence(warning: string): string {
  return `${warning.charAt(0).toUpperCase()}${warning.slice(1)}.`;
}
