// The images behind the number “only this key”: looked for when somebody wants to see them.
import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { KeyWithServed } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { KEY_IMAGE_COLUMNS, keyImageRow } from '../../parts/key-image-columns.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { useCursor } from '../../parts/use-cursor.ts';

const PAGE_ROWS = 20;
const CURSOR = 'images';

export function OnlyImages({ of: key }: { of: KeyWithServed }) {
  const cursor = useCursor(CURSOR);
  const [isShown, setShown] = useState(cursor.cursor !== undefined);
  if (key.served.onlyImages === 0) return null;
  return (
    <SectionCard title="Images that only this key has signed" isFlush={isShown}>
      {isShown ? (
        <Rows of={key} />
      ) : (
        <Button variant="secondary" onClick={() => setShown(true)}>
          Show these images
        </Button>
      )}
    </SectionCard>
  );
}

function Rows({ of: { fingerprint, expiresAt } }: { of: KeyWithServed }) {
  const cursor = useCursor(CURSOR);
  const end = expiresAt === null ? ('now' as const) : ('expiry' as const);
  const query = { end, limit: PAGE_ROWS, cursor: cursor.cursor };
  const answer = useAnswer('getKeyImpact', { params: { fingerprint }, query }, { keep: true });
  return (
    <PagedTable
      label="images that only this key has signed"
      columns={KEY_IMAGE_COLUMNS}
      rowKey={keyImageRow}
      answer={answer}
      cursor={cursor}
      empty={<NothingHere title="Every image has a signature of another key" />}
    />
  );
}
