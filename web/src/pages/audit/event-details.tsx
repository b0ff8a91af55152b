// One event in full: what else is recorded about it, and its place in the hash chain.
import { Content } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { AuditEvent } from '../../api/schema.ts';
import { InlineCode } from '../../parts/code.tsx';
import { Fingerprint } from '../../parts/digest.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { activityPath, historyPath, keyPath, signaturePath } from '../../parts/paths.ts';
import { formatScope } from '../../parts/scopes.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

type Value = AuditEvent['detail'][string];

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** `expiresAt` as “Expires at”. */
function formatName(name: string): string {
  const words = name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function EventDetails(event: AuditEvent) {
  const { actor, at, detail, hash, previous, subject } = event;
  const actorId = actor.kind === 'token' ? actor.id : actor.name;
  return (
    <>
      <Facts
        label="What is recorded about it"
        facts={[
          { term: 'When', value: <Time at={at} show="both" /> },
          ...Object.entries(detail).map(
            ([name, value]): Fact => ({
              term: formatName(name),
              value: <DetailValue event={event} name={name} value={value} />,
            }),
          ),
          actor.kind === 'token' && { term: 'Token of the actor', value: <code>{actor.id}</code> },
          { term: 'Hash', value: <InlineCode what="the hash">{hash}</InlineCode> },
          { term: 'Hash before it', value: <InlineCode what="the hash before it">{previous}</InlineCode> },
        ]}
      />
      <Content component="p" className="lks-audit-links">
        <Link to={historyPath(subject)}>All events about this subject</Link>{' '}
        <Link to={activityPath(actorId)}>All events by this actor</Link>
      </Content>
    </>
  );
}

function DetailValue({ event, name, value }: { event: AuditEvent; name: string; value: Value }) {
  if (value === null) return <span>none</span>;
  if (name === 'id' && typeof value === 'number' && event.action.startsWith('signature.'))
    return <Link to={signaturePath(value)}>{value}</Link>;
  if (typeof value === 'number') return <span>{value}</span>;
  if (typeof value !== 'string') return <Values name={name} values={value} />;
  if (name === 'signer' && /^[0-9A-F]{40}$/.test(value))
    return <Fingerprint value={value} to={keyPath(value)} isFull />;
  if (ISO.test(value)) return <Time at={value} show="both" />;
  return <UserText lines>{value}</UserText>;
}

function Values({ name, values }: { name: string; values: readonly string[] }) {
  if (values.length === 0) return <span>none</span>;
  return (
    <ul>
      {values.map((value) => (
        <li key={value}>{name === 'scopes' ? <bdi>{formatScope(value)}</bdi> : <UserText>{value}</UserText>}</li>
      ))}
    </ul>
  );
}
