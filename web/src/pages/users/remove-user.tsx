// Somebody may not sign in any more.
import type { User } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useToast } from '../../parts/toasts.tsx';

export function RemoveUser({ user: { name }, onClose }: { user: User; onClose: () => void }) {
  const remove = useChange('removeUser');
  const toast = useToast();
  const confirm = async () => {
    await remove.mutateAsync({ params: { name } });
    toast.success(`${name} is removed`);
  };
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      action="Remove"
      isDanger
      hasReason={false}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        Their sessions end at once, and they cannot sign in any more. What they uploaded is served as before, and the
        audit log keeps their name. Tokens they created keep working: revoke those that only they knew.
      </p>
    </ConfirmDialog>
  );
}
