// A pipeline is trusted no more.
import type { Publisher } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { UserText } from '../../parts/user-text.tsx';

type RemovePublisherProps = { readonly publisher: Publisher; readonly onClose: () => void };

export function RemovePublisher({ publisher: { id, name }, onClose }: RemovePublisherProps) {
  const remove = useChange('removePublisher');
  const toast = useToast();
  const confirm = async () => {
    await remove.mutateAsync({ params: { id } });
    toast.success('Pipeline removed', name);
  };
  return (
    <ConfirmDialog
      title="Remove this publisher?"
      action="Remove"
      isDanger
      hasReason={false}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        Jobs of <UserText>{name}</UserText> get no more tokens, and those they have end at once. What they uploaded is
        served as before.
      </p>
    </ConfirmDialog>
  );
}
