// Somebody may not sign in any more.
import type { User } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { RemoveDialog } from '../../parts/remove-dialog.tsx';

export function RemoveUser({ user: { name }, onClose }: { user: User; onClose: () => void }) {
  const remove = useChange('removeUser');
  return (
    <RemoveDialog
      title={`Remove ${name}?`}
      onRemove={() => remove.mutateAsync({ params: { name } })}
      done={[`${name} is removed`]}
      onClose={onClose}
    >
      <p>
        Their sessions end at once, and they cannot sign in any more. What they uploaded is served as before, and the
        audit log keeps their name. Tokens they created keep working: revoke those that only they knew.
      </p>
    </RemoveDialog>
  );
}
