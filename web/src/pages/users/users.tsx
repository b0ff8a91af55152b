// People who may sign in: who, what they may do, and when they were last here.
import { useMemo, useState } from 'react';
import type { User } from '../../api/schema.ts';
import { useSession } from '../../api/session.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { AddUser } from './add-user.tsx';
import { ChangeRole } from './change-role.tsx';
import { createColumns } from './columns.tsx';
import { RemoveUser } from './remove-user.tsx';
import { SetPassword } from './set-password.tsx';
import type { UserAct } from './user-actions.tsx';

type Asking = { readonly act: 'add' } | { readonly act: UserAct; readonly user: User } | null;

const rowKey = ({ name }: User) => name;

export function Users() {
  const { actor } = useSession();
  const [asking, setAsking] = useState<Asking>(null);
  const answer = useAnswer('listUsers');
  const own = actor.kind === 'user' ? actor.name : null;
  const columns = useMemo(() => createColumns(own, (act, user) => setAsking({ act, user })), [own]);
  return (
    <>
      <PageHeader
        title="Users"
        description="People who sign in to these pages. Pipelines and nodes have tokens instead."
        actions={
          <ActionButton permission="admin" onClick={() => setAsking({ act: 'add' })}>
            Add a user
          </ActionButton>
        }
      />
      <PageBody>
        <PagedTable
          label="users"
          columns={columns}
          rowKey={rowKey}
          answer={answer}
          empty={<NothingHere title="No users">Add one to sign in with a name and a password.</NothingHere>}
        />
      </PageBody>
      <Dialog asking={asking} onClose={() => setAsking(null)} />
    </>
  );
}

function Dialog({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  if (asking === null) return null;
  if (asking.act === 'add') return <AddUser onClose={onClose} />;
  const { act, user } = asking;
  if (act === 'role') return <ChangeRole user={user} onClose={onClose} />;
  if (act === 'password') return <SetPassword user={user} onClose={onClose} />;
  return <RemoveUser user={user} onClose={onClose} />;
}
