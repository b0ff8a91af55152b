// Somebody new.
import { useState } from 'react';
import type { User } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { isTwice, NewPassword, NO_PASSWORD } from '../../parts/new-password.tsx';
import { PlainTextField } from '../../parts/plain-text-field.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { useFaults } from '../../parts/use-faults.ts';
import { faultsIn } from './faults.ts';
import { RoleField } from './role-field.tsx';

export function AddUser({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<User['role']>('viewer');
  const [draft, setDraft] = useState(NO_PASSWORD);
  const { faults, forget, take } = useFaults(faultsIn('name', 'password'));
  const create = useChange('createUser');
  const toast = useToast();
  const add = async () => {
    forget();
    const user = await create.mutateAsync({ body: { name: name.trim(), role, password: draft.password } });
    toast.success(`${user.name} may sign in`, 'Hand over the password; they can change it under their name.');
  };
  return (
    <ConfirmDialog
      title="Add a user"
      action="Add"
      hasReason={false}
      isReady={name.trim() !== '' && isTwice(draft)}
      onConfirm={add}
      onError={take}
      onClose={onClose}
    >
      <PlainTextField
        label="Name"
        value={name}
        onChange={setName}
        help="Lower-case letters, digits and . _ - @, such as jane or jane@example.com."
        fault={faults.name}
        isRequired
      />
      <RoleField value={role} onChange={setRole} fault={undefined} />
      <NewPassword draft={draft} onChange={setDraft} fault={faults.password} />
    </ConfirmDialog>
  );
}
