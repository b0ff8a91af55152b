// A new password for somebody who lost theirs, or should be signed out everywhere.
import { useState } from 'react';
import type { User } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { type Faults, faultsOf } from './faults.ts';
import { isTwice, NewPassword, NO_PASSWORD } from './new-password.tsx';

export function SetPassword({ user: { name }, onClose }: { user: User; onClose: () => void }) {
  const [draft, setDraft] = useState(NO_PASSWORD);
  const [faults, setFaults] = useState<Faults>({});
  const change = useChange('changeUser');
  const toast = useToast();
  const confirm = async () => {
    setFaults({});
    await change.mutateAsync({ params: { name }, body: { password: draft.password } });
    toast.success(`${name} has a new password`, 'Their sessions have ended.');
  };
  return (
    <ConfirmDialog
      title={`Set the password of ${name}`}
      action="Set password"
      hasReason={false}
      isReady={isTwice(draft)}
      onConfirm={confirm}
      onError={(error) => {
        const found = faultsOf(error, ['password']);
        setFaults(found);
        return Object.keys(found).length > 0;
      }}
      onClose={onClose}
    >
      <p>They are signed out everywhere at once, and sign in again with this one.</p>
      <NewPassword draft={draft} onChange={setDraft} fault={faults.password} />
    </ConfirmDialog>
  );
}
