// What a token may do, each permission explained.
import { Checkbox, FormGroup } from '@patternfly/react-core';
import { useSession } from '../../api/session.ts';
import { HelpBelow } from '../../parts/field.tsx';
import { PERMISSION_MEANING, type TokenPermission } from '../../parts/scopes.tsx';

const PERMISSIONS = Object.keys(PERMISSION_MEANING) as readonly TokenPermission[];

type PermissionsFieldProps = {
  readonly permissions: ReadonlySet<TokenPermission>;
  readonly onChange: (permissions: ReadonlySet<TokenPermission>) => void;
  readonly fault: string | undefined;
};

export function PermissionsField({ permissions, onChange, fault }: PermissionsFieldProps) {
  const { store } = useSession();
  const toggle = (permission: TokenPermission, isChosen: boolean) => {
    const next = new Set(permissions);
    if (isChosen) next.add(permission);
    else next.delete(permission);
    onChange(next);
  };
  return (
    <FormGroup label="Permissions" role="group" isStack isRequired fieldId="permissions">
      {PERMISSIONS.map((permission) => (
        <Checkbox
          key={permission}
          id={`permission-${permission}`}
          label={permission}
          description={`${PERMISSION_MEANING[permission]}${permission === 'read' && store.readAccess === 'token' ? '; nodes need it to pull' : ''}`}
          isChecked={permissions.has(permission)}
          onChange={(_event, isChosen) => toggle(permission, isChosen)}
        />
      ))}
      <HelpBelow id="permissions" fault={fault} />
    </FormGroup>
  );
}
