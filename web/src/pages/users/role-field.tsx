// What somebody may do.
import { FormGroup, Radio } from '@patternfly/react-core';
import { useId } from 'react';
import type { User } from '../../api/schema.ts';
import { HelpBelow } from '../../parts/field.tsx';
import { UserText } from '../../parts/user-text.tsx';

type RoleFieldProps = {
  readonly value: User['role'];
  readonly onChange: (role: User['role']) => void;
  readonly fault: string | undefined;
};

const ROLES: readonly { readonly role: User['role']; readonly description: string }[] = [
  { role: 'viewer', description: 'Sees everything and changes nothing.' },
  { role: 'admin', description: 'May do everything: keys, tokens, users, uploading and withdrawing.' },
];

export function RoleField({ value, onChange, fault }: RoleFieldProps) {
  const id = useId();
  return (
    <FormGroup label="Role" role="radiogroup" fieldId={id} isStack>
      {ROLES.map(({ role, description }) => (
        <Radio
          key={role}
          id={`${id}-${role}`}
          name={id}
          label={role}
          description={description}
          isChecked={value === role}
          onChange={() => onChange(role)}
        />
      ))}
      <HelpBelow id={id} fault={fault && <UserText>{fault}</UserText>} />
    </FormGroup>
  );
}
