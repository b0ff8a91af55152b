// The keys whose signatures are accepted, what they are for, and what hangs on each.
import { KeyIcon } from '@patternfly/react-icons';
import { useNavigate } from 'react-router';
import { useAnswer } from '../../api/use-answer.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { InlineCode } from '../../parts/code.tsx';
import { ChoiceFilter, FilterBar, TextFilter } from '../../parts/filters.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { useCursor } from '../../parts/use-cursor.ts';
import { useFilter } from '../../parts/use-filter.ts';
import { KEY_COLUMNS } from './columns.tsx';
import { parseState, STATE_CHOICES } from './state-choices.ts';

export function Keys() {
  const cursor = useCursor();
  const [q] = useFilter('q');
  const [stateText] = useFilter('state');
  const state = parseState(stateText);
  const keys = useAnswer('listKeys', { query: { q, state, cursor: cursor.cursor } }, { keep: true });
  const isFiltered = q !== undefined || state !== undefined;
  const isBare = keys.data?.items.length === 0 && !isFiltered && cursor.cursor === undefined;
  return (
    <>
      <PageHeader
        title="Keys"
        description="Signatures are accepted when a registered, active key made them."
        actions={<RegisterButton />}
      />
      <PageBody>
        {isBare ? null : (
          <FilterBar>
            <TextFilter name="q" label="Name, user id or fingerprint" />
            <ChoiceFilter name="state" label="State" all="All states" choices={STATE_CHOICES} />
          </FilterBar>
        )}
        <PagedTable
          label="keys"
          columns={KEY_COLUMNS}
          rowKey={({ fingerprint }) => fingerprint}
          answer={keys}
          cursor={cursor}
          empty={isFiltered ? <NothingHere title="No key matches">Change the filter above.</NothingHere> : <FirstKey />}
        />
      </PageBody>
    </>
  );
}

function RegisterButton() {
  const navigate = useNavigate();
  return (
    <ActionButton permission="admin" onClick={() => void navigate('/keys/register')}>
      Register a key
    </ActionButton>
  );
}

function FirstKey() {
  return (
    <NothingHere title="No key is registered yet" icon={KeyIcon} actions={<RegisterButton />}>
      <p>
        Register the public half of the OpenPGP key that your pipeline signs with. Until then, every upload is refused.
      </p>
      <p>Export it where it is used, and register the file here. The private key stays where it is.</p>
      <p>
        <InlineCode what="the command">gpg --export --armor FINGERPRINT</InlineCode>
      </p>
    </NothingHere>
  );
}
