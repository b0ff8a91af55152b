// Somebody new.
import { useState } from 'react';
import type { User } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { type Faults, faultsOf } from './faults.ts';
import { NameField } from './name-field.tsx';
import { isTwice, NewPassword, NO_PASSWORD } from './new-password.tsx';
import { RoleField } from './role-field.tsx';

export function AddUser({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<User['role']>('viewer');
  const [draft, setDraft] = useState(NO_PASSWORD);
  const [faults, setFaults] = useState<Faults>({});
  const create = useChange('createUser');
  const toast = useToast();
  const add = async () => {
    setFaults({});
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
      onError={(error) => {
        const found = faultsOf(error, ['name', 'password']);
        setFaults(found);
        return Object.keys(found).length > 0;
      }}
      onClose={onClose}
    >
      <NameField value={name} onChange={setName} fault={faults.name} />
      <RoleField value={role} onChange={setRole} fault={undefined} />
      <NewPassword draft={draft} onChange={setDraft} fault={faults.password} />
    </ConfirmDialog>
  );
}
