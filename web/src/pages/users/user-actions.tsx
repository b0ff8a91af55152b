// What can be done with a user, in a menu; what cannot be done says why.
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { EllipsisVIcon } from '@patternfly/react-icons';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { User } from '../../api/schema.ts';
import { usePermission } from '../../api/session.ts';

export type UserAct = 'role' | 'password' | 'remove';

type UserActionsProps = {
  readonly user: User;
  /** Whether it is whoever looks at it. */
  readonly isOwn: boolean;
  readonly onAct: (act: UserAct, user: User) => void;
};

export function UserActions({ user, isOwn, onAct }: UserActionsProps) {
  const [isOpen, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const navigate = useNavigate();
  const allowance = usePermission('admin');
  /** From the button, which is still there when the dialog has closed. */
  const act = (each: UserAct) => {
    toggle.current?.focus();
    onAct(each, user);
  };
  const denied = allowance.allowed ? undefined : allowance.why;
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: 'right' }}
      toggle={{
        toggleRef: toggle,
        toggleNode: (
          <MenuToggle
            ref={toggle}
            variant="plain"
            icon={<EllipsisVIcon />}
            isExpanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            aria-label={`Actions for ${user.name}`}
          />
        ),
      }}
    >
      <DropdownList>
        <DropdownItem
          {...unless(denied ?? (isOwn ? 'You cannot change your own role: ask another admin.' : undefined))}
          onClick={() => act('role')}
        >
          Change role
        </DropdownItem>
        {isOwn ? (
          <DropdownItem onClick={() => void navigate('/account')}>Change password</DropdownItem>
        ) : (
          <DropdownItem {...unless(denied)} onClick={() => act('password')}>
            Set password
          </DropdownItem>
        )}
        <DropdownItem
          isDanger={denied === undefined && !isOwn}
          {...unless(denied ?? (isOwn ? 'You cannot remove yourself: ask another admin.' : undefined))}
          onClick={() => act('remove')}
        >
          Remove
        </DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}

/** Can be reached and read, and does nothing. */
function unless(why: string | undefined) {
  return why === undefined ? {} : { isAriaDisabled: true, tooltipProps: { content: why, position: 'left' as const } };
}
