// Whether the hash chain of the log holds, and what that proves.
import { Alert, ExpandableSection, Progress } from '@patternfly/react-core';
import type { AuditStatus } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { InlineCode } from '../../parts/code.tsx';
import { count, formatCount } from '../../parts/count.ts';
import { UserText } from '../../parts/user-text.tsx';

const AGAIN_MS = 1000;

const again = ({ state }: AuditStatus) => state === 'checking' && AGAIN_MS;

/** Comes with the events; a long chain is asked for again while the server checks it. */
export function ChainStatus({ chain }: { chain: AuditStatus }) {
  const isChecking = chain.state === 'checking';
  const { data } = useAnswer('getAuditStatus', {}, { enabled: isChecking, again });
  return <Status status={isChecking ? (data ?? chain) : chain} />;
}

function Status({ status: { state, head, checkedTo, problem } }: { status: AuditStatus }) {
  if (state === 'broken')
    return (
      <Alert isInline isLiveRegion component="p" variant="danger" title="The hash chain is broken">
        <p>
          <UserText>{problem ?? 'A row does not fit the one before it.'}</UserText>
        </p>
        <p>
          Events from there on cannot be trusted. Keep this database as evidence, find out who can write to it, and
          compare it with a backup: <code>lookaside audit verify</code> says where it breaks.
        </p>
      </Alert>
    );
  if (state === 'checking')
    return (
      <Alert isInline component="p" variant="info" title="The hash chain is being checked">
        <Progress
          aria-label="Events checked"
          value={checkedTo}
          max={Math.max(1, head.seq)}
          label={`${formatCount(checkedTo)} of ${formatCount(head.seq)}`}
          size="sm"
        />
      </Alert>
    );
  return (
    <Alert isInline component="p" variant="success" title={`The hash chain of ${count(head.seq, 'event')} is intact`}>
      <ExpandableSection toggleText="What this proves">
        <p>
          Each event is hashed together with the one before it: none was changed, removed or put in between. Somebody
          who can write the whole database could still write the whole chain anew. <code>lookaside audit verify</code>{' '}
          prints the head of the chain. Keep it elsewhere, and compare later:
        </p>
        <InlineCode what="the command">{`lookaside audit verify --known ${head.seq}:${head.hash}`}</InlineCode>
      </ExpandableSection>
    </Alert>
  );
}
