// A path means again what it says.
import type { Alias } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { RemoveDialog } from '../../parts/remove-dialog.tsx';
import { UserText } from '../../parts/user-text.tsx';

type RemoveAliasProps = { readonly alias: Alias; readonly onClose: () => void };

export function RemoveAlias({ alias: { id, path, target }, onClose }: RemoveAliasProps) {
  const remove = useChange('removeAlias');
  return (
    <RemoveDialog
      title="Remove this alias?"
      onRemove={() => remove.mutateAsync({ params: { id } })}
      done={['Alias removed', path]}
      onClose={onClose}
    >
      <p>
        Clients that read below <UserText>{path}</UserText> find the signatures of <UserText>{target}</UserText> there
        no longer, and refuse images whose policy demands one. What is stored stays.
      </p>
    </RemoveDialog>
  );
}
