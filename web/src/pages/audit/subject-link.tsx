// What was changed, with a link to its page where it has one.
import { Link } from 'react-router';
import type { AuditEvent } from '../../api/schema.ts';
import { Digest, Fingerprint } from '../../parts/digest.tsx';
import { imagePath, keyPath, repositoryPath, tokenPath } from '../../parts/paths.ts';
import { UserText } from '../../parts/user-text.tsx';

type Event = Pick<AuditEvent, 'action' | 'subject'>;

export function SubjectLink({ event: { action, subject } }: { event: Event }) {
  const [, repository, hex] = /^([^@]+)@sha256=([0-9a-f]{64})$/.exec(subject) ?? [];
  if (repository !== undefined && hex !== undefined) {
    const digest = `sha256:${hex}`;
    return (
      <>
        <Link to={repositoryPath(repository)}>
          <UserText>{repository}</UserText>
        </Link>
        <br />
        <Digest value={digest} to={imagePath(repository, digest)} />
      </>
    );
  }
  if (/^[0-9A-F]{40}$/.test(subject)) return <Fingerprint value={subject} to={keyPath(subject)} />;
  const text = <UserText>{subject}</UserText>;
  if (action.startsWith('token.')) return <Link to={tokenPath(subject)}>{text}</Link>;
  if (action.startsWith('publisher.')) return <Link to="/publishers">{text}</Link>;
  // Who was refused a session typed that name; there need not be a user of it.
  return action.startsWith('user.') ? <Link to="/users">{text}</Link> : text;
}
