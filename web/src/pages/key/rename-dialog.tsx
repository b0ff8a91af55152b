// A new name for a key.
import { useState } from 'react';
import type { KeyWithServed } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { MAX_NAME, NameField } from '../../parts/name-field.tsx';
import { useToast } from '../../parts/toasts.tsx';

type RenameDialogProps = { readonly of: KeyWithServed; readonly onClose: () => void };

export function RenameDialog({ of: { fingerprint, name: before }, onClose }: RenameDialogProps) {
  const [name, setName] = useState(before);
  const change = useChange('changeKey');
  const toast = useToast();
  const rename = async () => {
    await change.mutateAsync({ params: { fingerprint }, body: { name: name.trim() } });
    toast.success('Renamed', name.trim());
  };
  return (
    <ConfirmDialog
      title="Rename the key"
      action="Rename"
      hasReason={false}
      isReady={name.trim() !== '' && name.length <= MAX_NAME && name.trim() !== before}
      onConfirm={rename}
      onClose={onClose}
    >
      <NameField
        value={name}
        onChange={setName}
        isRequired
        help="For people who look at this store. Signatures and nodes do not know it."
      />
    </ConfirmDialog>
  );
}
