// Pipelines that publish without a secret: whom the store trusts, by what, and for which repositories and keys.
import { ShieldAltIcon } from '@patternfly/react-icons';
import { useMemo, useState } from 'react';
import type { Publisher } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { AddPublisher } from './add-publisher.tsx';
import { createColumns } from './columns.tsx';
import { RemovePublisher } from './remove-publisher.tsx';

const rowKey = ({ id }: Publisher) => id;

export function Publishers() {
  const answer = useAnswer('listPublishers');
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Publisher | null>(null);
  const columns = useMemo(() => createColumns(setRemoving), []);
  const button = (
    <ActionButton permission="admin" onClick={() => setAdding(true)}>
      Trust a pipeline
    </ActionButton>
  );
  return (
    <>
      <PageHeader
        title="Publishers"
        description="Pipelines that publish without a secret: they show what their CI system says about them, and get a token of 15 minutes."
        actions={
          <>
            {button}
            <LinkButton variant="secondary" to="/publishers/test">
              Test a token
            </LinkButton>
          </>
        }
      />
      <PageBody>
        <PagedTable
          label="publishers"
          columns={columns}
          rowKey={rowKey}
          answer={answer}
          empty={
            <NothingHere title="No pipeline is trusted yet" icon={ShieldAltIcon} actions={button}>
              Jobs of GitHub Actions, GitLab CI and Kubernetes can upload without a token that somebody keeps in their
              settings.
            </NothingHere>
          }
        />
        {isAdding && <AddPublisher onClose={() => setAdding(false)} />}
        {removing !== null && <RemovePublisher publisher={removing} onClose={() => setRemoving(null)} />}
      </PageBody>
    </>
  );
}
