// A token that is revoked stops working at once.
import type { Token } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { RemoveDialog } from '../../parts/remove-dialog.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

type RevokeTokenProps = { readonly token: Token; readonly onClose: () => void };

export function RevokeToken({ token: { id, name, lastUsedAt }, onClose }: RevokeTokenProps) {
  const revoke = useChange('revokeToken');
  return (
    <RemoveDialog
      title="Revoke this token?"
      action="Revoke"
      onRemove={() => revoke.mutateAsync({ params: { id } })}
      done={['Token revoked', name]}
      onClose={onClose}
    >
      <p>
        <UserText>{name}</UserText>, last used <Time at={lastUsedAt} />.
      </p>
      <p>It stops working at once, and whatever uses it is refused. What was uploaded with it stays.</p>
      <p>This cannot be undone. Create a new token for what still needs one.</p>
    </RemoveDialog>
  );
}
