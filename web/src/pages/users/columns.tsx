// The columns of the list of users.
import { Label } from '@patternfly/react-core';
import type { User } from '../../api/schema.ts';
import type { Column } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { type UserAct, UserActions } from './user-actions.tsx';
import './users.css';

type OnAct = (act: UserAct, user: User) => void;

/** `own` is the name of whoever looks at it; null for a token. */
export function createColumns(own: string | null, onAct: OnAct): readonly Column<User>[] {
  return [
    { title: 'Name', width: 20, cell: ({ name }) => <Name name={name} isOwn={name === own} /> },
    { title: 'Role', cell: ({ role }) => <RoleLabel role={role} /> },
    { title: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
    { title: 'Last sign-in', cell: ({ lastSignInAt }) => <Time at={lastSignInAt} /> },
    { title: 'Password changed', cell: ({ passwordChangedAt }) => <Time at={passwordChangedAt} /> },
    {
      title: 'Actions',
      isActions: true,
      cell: (user) => <UserActions user={user} isOwn={user.name === own} onAct={onAct} />,
    },
  ];
}

function Name({ name, isOwn }: { name: string; isOwn: boolean }) {
  return (
    <span className="lks-who">
      <UserText>{name}</UserText>{' '}
      {isOwn ? (
        <Label isCompact color="blue">
          you
        </Label>
      ) : null}
    </span>
  );
}

const MEANING: Record<User['role'], string> = {
  admin: 'may do everything',
  viewer: 'sees everything, changes nothing',
};

function RoleLabel({ role }: Pick<User, 'role'>) {
  return (
    <Label isCompact color={role === 'admin' ? 'orange' : 'grey'} title={MEANING[role]}>
      {role}
    </Label>
  );
}
