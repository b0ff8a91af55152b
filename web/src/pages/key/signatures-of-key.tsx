// What a key signed, newest first. Asked for when somebody wants to see it: a page makes one request.
import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Signature } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import type { Column } from '../../parts/data-table.tsx';
import { Digest } from '../../parts/digest.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { signaturePath } from '../../parts/paths.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { StateLabel } from '../../parts/state-label.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useCursor } from '../../parts/use-cursor.ts';
import { UserText } from '../../parts/user-text.tsx';

const PAGE_ROWS = 20;
const CURSOR = 'signatures';

const COLUMNS: readonly Column<Signature>[] = [
  {
    title: 'Signature',
    width: 35,
    cell: ({ id, reference }) => (
      <Link to={signaturePath(id)}>
        <UserText>{reference}</UserText>
      </Link>
    ),
  },
  { title: 'Image', cell: ({ digest }) => <Digest value={digest} /> },
  { title: 'State', cell: ({ state }) => <StateLabel state={state} /> },
  { title: 'Signed', cell: ({ signedAt }) => <Time at={signedAt} /> },
  { title: 'Uploaded', cell: ({ storedAt }) => <Time at={storedAt} /> },
];

export function SignaturesOfKey({ fingerprint }: { fingerprint: string }) {
  const cursor = useCursor(CURSOR);
  const [isShown, setShown] = useState(cursor.cursor !== undefined);
  return (
    <SectionCard title="Signatures" isFlush={isShown}>
      {isShown ? (
        <Rows fingerprint={fingerprint} />
      ) : (
        <Button variant="secondary" onClick={() => setShown(true)}>
          Show what it signed
        </Button>
      )}
    </SectionCard>
  );
}

function Rows({ fingerprint }: { fingerprint: string }) {
  const cursor = useCursor(CURSOR);
  const query = { signer: fingerprint, limit: PAGE_ROWS, cursor: cursor.cursor };
  const answer = useAnswer('listSignatures', { query }, { keep: true });
  return (
    <PagedTable
      label="signatures of this key"
      columns={COLUMNS}
      rowKey={({ id }) => id}
      answer={answer}
      cursor={cursor}
      empty={<NothingHere title="It has signed nothing in this store" />}
    />
  );
}
