// Aliases: paths that stand for a registry or its repositories, for mirrors and for bases of long ago.
import { LinkIcon } from '@patternfly/react-icons';
import { useMemo, useState } from 'react';
import type { Alias } from '../../api/schema.ts';
import { useSession } from '../../api/session.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { AliasForm } from './alias-form.tsx';
import { createColumns } from './columns.tsx';
import { RemoveAlias } from './remove-alias.tsx';

/** `change` has the alias as it is now; null: a new one. */
type Asking = { readonly change: Alias | null } | { readonly remove: Alias } | null;

const rowKey = ({ path }: Alias) => path;

export function Aliases() {
  const { store } = useSession();
  const answer = useAnswer('listAliases');
  const [asking, setAsking] = useState<Asking>(null);
  const close = () => setAsking(null);
  const columns = useMemo(
    () =>
      createColumns({
        publicUrl: store.publicUrl,
        onChange: (change) => setAsking({ change }),
        onRemove: (remove) => setAsking({ remove }),
      }),
    [store.publicUrl],
  );
  const button = (
    <ActionButton permission="admin" onClick={() => setAsking({ change: null })}>
      Add an alias
    </ActionButton>
  );
  return (
    <>
      <PageHeader
        title="Aliases"
        description="Paths that stand for a registry or its repositories: for mirrors, and for bases that clients were given before."
        actions={button}
      />
      <PageBody>
        <PagedTable
          label="aliases"
          columns={columns}
          rowKey={rowKey}
          answer={answer}
          empty={
            <NothingHere title="No alias yet" icon={LinkIcon} actions={button}>
              A client that pulls through a mirror asks for signatures at the address of the mirror. With an alias it
              finds those of the original there.
            </NothingHere>
          }
        />
        {asking !== null && 'change' in asking && <AliasForm now={asking.change} onClose={close} />}
        {asking !== null && 'remove' in asking && <RemoveAlias alias={asking.remove} onClose={close} />}
      </PageBody>
    </>
  );
}
