// What happened to a signature and to its key, as the audit log has it.
import { Link } from 'react-router';
import type { AuditEvent } from '../../api/schema.ts';
import { ActorName } from '../../parts/actor-name.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import './history.css';
import { historyPath } from '../../parts/paths.ts';

const WORDS: Partial<Record<AuditEvent['action'], string>> = {
  'signature.stored': 'Stored',
  'signature.withdrawn': 'Withdrawn',
  'key.revoked': 'Key revoked',
};

export function History({ events }: { events: readonly AuditEvent[] }) {
  const subject = events[0]?.subject;
  return (
    <SectionCard
      title="History"
      {...(subject === undefined ? {} : { actions: <Link to={historyPath(subject)}>Audit log of the image</Link> })}
    >
      {events.length === 0 ? <p>The audit log has nothing about it.</p> : null}
      <ol className="lks-history">
        {events.map((event) => (
          <HistoryItem key={event.seq} event={event} />
        ))}
      </ol>
    </SectionCard>
  );
}

function HistoryItem({ event: { seq, at, actor, action, detail } }: { event: AuditEvent }) {
  return (
    <li>
      <div>
        <strong>{WORDS[action] ?? action}</strong>
        {typeof detail.number === 'number' ? ` as signature-${detail.number}` : null} by <ActorName actor={actor} />
      </div>
      {typeof detail.reason === 'string' ? (
        <div>
          Reason: <UserText>{detail.reason}</UserText>
        </div>
      ) : null}
      <small>
        <Time at={at} show="both" />, event {seq} of the audit log
      </small>
    </li>
  );
}
