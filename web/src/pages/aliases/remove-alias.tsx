// A path means again what it says.
import type { Alias } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { UserText } from '../../parts/user-text.tsx';

type RemoveAliasProps = { readonly alias: Alias; readonly onClose: () => void };

export function RemoveAlias({ alias: { id, path, target }, onClose }: RemoveAliasProps) {
  const remove = useChange('removeAlias');
  const toast = useToast();
  const confirm = async () => {
    await remove.mutateAsync({ params: { id } });
    toast.success('Alias removed', path);
  };
  return (
    <ConfirmDialog
      title="Remove this alias?"
      action="Remove"
      isDanger
      hasReason={false}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        Clients that read below <UserText>{path}</UserText> find the signatures of <UserText>{target}</UserText> there
        no longer, and refuse images whose policy demands one. What is stored stays.
      </p>
    </ConfirmDialog>
  );
}
