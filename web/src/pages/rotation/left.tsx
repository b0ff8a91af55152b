// What the successor has yet to sign, how far it is, and what comes next.
import { Alert, Button } from '@patternfly/react-core';
import { DownloadIcon } from '@patternfly/react-icons';
import { Link } from 'react-router';
import { address } from '../../api/client.ts';
import type { KeyRotation } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { count, formatCount } from '../../parts/count.ts';
import { KEY_IMAGE_COLUMNS, keyImageRow } from '../../parts/key-image-columns.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { keyPath } from '../../parts/paths.ts';
import { ScopeList } from '../../parts/scopes.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { useCursor } from '../../parts/use-cursor.ts';
import { SignAgain } from './sign-again.tsx';

const PAGE_ROWS = 20;

type LeftProps = { readonly old: string; readonly to: string };

export function Left({ old, to }: LeftProps) {
  const cursor = useCursor();
  const query = { to, limit: PAGE_ROWS, cursor: cursor.cursor };
  const answer = useAnswer('getKeyRotation', { params: { fingerprint: old }, query }, { keep: true });
  const { data } = answer;
  const isDone = data !== undefined && cursor.cursor === undefined && data.items.length === 0 && data.next === null;
  return (
    <>
      {data === undefined ? null : <Progress of={data} to={to} isDone={isDone} />}
      <SectionCard title="Left to sign" isFlush actions={isDone ? undefined : <Download old={old} to={to} />}>
        <PagedTable
          label="images left to sign"
          columns={KEY_IMAGE_COLUMNS}
          rowKey={keyImageRow}
          answer={answer}
          cursor={cursor}
          empty={
            <NothingHere title="Nothing is left to sign">
              <p>
                Retire the old key on <Link to={keyPath(old)}>its page</Link>, and take it from the nodes.
              </p>
            </NothingHere>
          }
        />
      </SectionCard>
      {isDone || data === undefined ? null : <SignAgain old={old} to={to} />}
    </>
  );
}

type ProgressProps = { readonly of: KeyRotation; readonly to: string; readonly isDone: boolean };

function Progress({ of: { images, unsigned, uncovered }, to, isDone }: ProgressProps) {
  const signed = `The successor has signed ${formatCount(images - unsigned)} of ${count(images, 'image')} of this key.`;
  return (
    <>
      {uncovered.length === 0 ? null : (
        <Alert
          variant="warning"
          isInline
          component="p"
          title="The successor may not sign for all that this key signs for: uploads for these scopes will be refused."
        >
          <ScopeList scopes={uncovered} />
          <p>
            Change its scopes on <Link to={keyPath(to)}>its page</Link>.
          </p>
        </Alert>
      )}
      <Alert variant={isDone ? 'success' : 'info'} isInline component="p" title={signed}>
        {unsigned > 0 || isDone ? null : <p>Of some, not under all their tags: these are listed below.</p>}
      </Alert>
    </>
  );
}

function Download({ old, to }: LeftProps) {
  return (
    <Button
      component="a"
      variant="link"
      isInline
      icon={<DownloadIcon />}
      href={address('getKeyRotationList', { params: { fingerprint: old }, query: { to } })}
      download="to-sign.txt"
    >
      Download the list
    </Button>
  );
}
