// Who is signed in, and what they can do about it.
import { Divider, Dropdown, DropdownGroup, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { UserIcon } from '@patternfly/react-icons';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useSession } from '../api/session.ts';
import { useChange } from '../api/use-answer.ts';
import { useToast } from '../parts/toasts.tsx';
import { formatVisible } from '../parts/visible-text.ts';

export function UserMenu() {
  const { actor, role } = useSession();
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const toast = useToast();
  const signOut = useChange('signOut');
  const leave = () =>
    signOut.mutate(
      {},
      {
        onSuccess: () => void navigate('/sign-in'),
        onError: ({ detail }) => toast.failure('You are still signed in', detail),
      },
    );
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: 'right' }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plainText"
          icon={<UserIcon />}
          isExpanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          aria-label={`User menu of ${actor.name}`}
        >
          <bdi className="lks-user-name">{actor.name}</bdi>
        </MenuToggle>
      )}
    >
      <DropdownGroup label={`${formatVisible(actor.name)}${role === null ? '' : `, role ${role}`}`}>
        <DropdownList>
          <DropdownItem onClick={() => void navigate('/account')}>Change password</DropdownItem>
          <Divider component="li" />
          <DropdownItem onClick={leave}>Sign out</DropdownItem>
        </DropdownList>
      </DropdownGroup>
    </Dropdown>
  );
}
