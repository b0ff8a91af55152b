// Another role for somebody; it counts from their next request on.
import { useState } from 'react';
import type { User } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { useFaults } from '../../parts/use-faults.ts';
import { faultsIn } from './faults.ts';
import { RoleField } from './role-field.tsx';

export function ChangeRole({ user, onClose }: { user: User; onClose: () => void }) {
  const [role, setRole] = useState(user.role);
  const { faults, forget, take } = useFaults(faultsIn('role'));
  const change = useChange('changeUser');
  const toast = useToast();
  const confirm = async () => {
    forget();
    await change.mutateAsync({ params: { name: user.name }, body: { role } });
    toast.success(`${user.name} has the role ${role}`);
  };
  return (
    <ConfirmDialog
      title={`Change the role of ${user.name}`}
      action="Change role"
      hasReason={false}
      isReady={role !== user.role}
      onConfirm={confirm}
      onError={take}
      onClose={onClose}
    >
      <RoleField value={role} onChange={setRole} fault={faults.role} />
    </ConfirmDialog>
  );
}
