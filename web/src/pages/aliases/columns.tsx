// The columns of the list of aliases.
import { HelperText, HelperTextItem } from '@patternfly/react-core';
import type { Alias } from '../../api/schema.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

type Options = {
  readonly publicUrl: string;
  readonly onChange: (alias: Alias) => void;
  readonly onRemove: (alias: Alias) => void;
};

export function createColumns({ publicUrl, onChange, onRemove }: Options): readonly Column<Alias>[] {
  return [
    { title: 'Path', width: 40, cell: (alias) => <Path of={alias} publicUrl={publicUrl} /> },
    {
      title: 'Stands for',
      cell: ({ target }) => (
        <code>
          <UserText>{target}</UserText>
        </code>
      ),
    },
    { title: 'Added', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      title: 'Actions',
      isActions: true,
      cell: (alias) => (
        <span className="lks-row-actions">
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

/** Copied with the address of the store. */
function Path({ of: { path, warnings }, publicUrl }: { of: Alias; publicUrl: string }) {
  return (
    <>
      <span className="lks-inline-code">
        <code>
          <UserText>{path}</UserText>
        </code>
        <CopyButton text={publicUrl + path} label={`Copy the address of ${path}`} />
      </span>
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
