// A token that is revoked stops working at once.
import type { Token } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Time } from '../../parts/time.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { UserText } from '../../parts/user-text.tsx';

type RevokeTokenProps = { readonly token: Token; readonly onClose: () => void };

export function RevokeToken({ token: { id, name, lastUsedAt }, onClose }: RevokeTokenProps) {
  const revoke = useChange('revokeToken');
  const toast = useToast();
  const confirm = async () => {
    await revoke.mutateAsync({ params: { id } });
    toast.success('Token revoked', name);
  };
  return (
    <ConfirmDialog
      title="Revoke this token?"
      action="Revoke"
      isDanger
      hasReason={false}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        <UserText>{name}</UserText>, last used <Time at={lastUsedAt} />.
      </p>
      <p>It stops working at once, and whatever uses it is refused. What was uploaded with it stays.</p>
      <p>This cannot be undone. Create a new token for what still needs one.</p>
    </ConfirmDialog>
  );
}
