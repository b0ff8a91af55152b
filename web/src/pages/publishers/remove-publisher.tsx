// A pipeline is trusted no more.
import type { Publisher } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { RemoveDialog } from '../../parts/remove-dialog.tsx';
import { UserText } from '../../parts/user-text.tsx';

type RemovePublisherProps = { readonly publisher: Publisher; readonly onClose: () => void };

export function RemovePublisher({ publisher: { id, name }, onClose }: RemovePublisherProps) {
  const remove = useChange('removePublisher');
  return (
    <RemoveDialog
      title="Remove this publisher?"
      onRemove={() => remove.mutateAsync({ params: { id } })}
      done={['Pipeline removed', name]}
      onClose={onClose}
    >
      <p>
        Jobs of <UserText>{name}</UserText> get no more tokens, and those they have end at once. What they uploaded is
        served as before.
      </p>
    </RemoveDialog>
  );
}
