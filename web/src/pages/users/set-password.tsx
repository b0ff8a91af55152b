// A new password for somebody who lost theirs, or should be signed out everywhere.
import { useState } from 'react';
import type { User } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { isTwice, NewPassword, NO_PASSWORD } from '../../parts/new-password.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { useFaults } from '../../parts/use-faults.ts';
import { faultsIn } from './faults.ts';

export function SetPassword({ user: { name }, onClose }: { user: User; onClose: () => void }) {
  const [draft, setDraft] = useState(NO_PASSWORD);
  const { faults, forget, take } = useFaults(faultsIn('password'));
  const change = useChange('changeUser');
  const toast = useToast();
  const confirm = async () => {
    forget();
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
      onError={take}
      onClose={onClose}
    >
      <p>They are signed out everywhere at once, and sign in again with this one.</p>
      <NewPassword draft={draft} onChange={setDraft} fault={faults.password} />
    </ConfirmDialog>
  );
}
