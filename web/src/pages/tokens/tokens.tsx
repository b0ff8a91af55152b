// The tokens of machines: what each may do, until when, and whether it is in use.
import { KeyIcon } from '@patternfly/react-icons';
import { useState } from 'react';
import type { Token } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { FilterBar, TextFilter } from '../../parts/filters.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { useCursor } from '../../parts/use-cursor.ts';
import { useFilter } from '../../parts/use-filter.ts';
import { createColumns } from './columns.tsx';
import { CreateToken } from './create-token.tsx';
import { RevokeToken } from './revoke-token.tsx';

export function Tokens() {
  const cursor = useCursor();
  const [q] = useFilter('q');
  const tokens = useAnswer('listTokens', { query: { q, cursor: cursor.cursor } }, { keep: true });
  const [isCreating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const isBare = tokens.data?.items.length === 0 && q === undefined && cursor.cursor === undefined;
  const button = (
    <ActionButton permission="admin" onClick={() => setCreating(true)}>
      Create a token
    </ActionButton>
  );
  return (
    <>
      <PageHeader
        title="Tokens"
        description="A token is the secret of a machine: pipelines upload with it, and nodes read with it from a store that is not public."
        actions={button}
      />
      <PageBody>
        {isBare ? null : (
          <FilterBar>
            <TextFilter name="q" label="Name or id" />
          </FilterBar>
        )}
        <PagedTable
          label="tokens"
          columns={createColumns(setRevoking)}
          rowKey={({ id }) => id}
          answer={tokens}
          cursor={cursor}
          empty={
            q === undefined ? (
              <NothingHere title="No token yet" icon={KeyIcon} actions={button}>
                Without one, no pipeline can upload. Create one for each pipeline, for the repositories it signs.
              </NothingHere>
            ) : (
              <NothingHere title="No token matches">Change the filter above.</NothingHere>
            )
          }
        />
        {isCreating && <CreateToken onClose={() => setCreating(false)} />}
        {revoking !== null && <RevokeToken token={revoking} onClose={() => setRevoking(null)} />}
      </PageBody>
    </>
  );
}
