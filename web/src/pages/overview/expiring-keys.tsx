// Keys and subkeys that expire soon or have expired, and what stops being accepted with them.
import { Alert, Label } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { ExpiringKey, Served } from '../../api/schema.ts';
import { useNow } from '../../parts/clock.tsx';
import { formatCount } from '../../parts/count.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Fingerprint } from '../../parts/digest.tsx';
import { keyPath } from '../../parts/paths.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { KeyStateLabel } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

/** A key, or below it a subkey that ends before it. */
type End = {
  readonly key: ExpiringKey;
  readonly fingerprint: string;
  readonly isSubkey: boolean;
  readonly expiresAt: string | null;
  readonly served: Served;
};

const COLUMNS: readonly Column<End>[] = [
  {
    title: 'Key',
    width: 35,
    cell: ({ key, fingerprint, isSubkey }) => (
      <>
        {isSubkey ? 'Subkey of ' : null}
        <Link to={keyPath(key.fingerprint)}>
          <UserText>{key.name}</UserText>
        </Link>
        <br />
        <Fingerprint value={fingerprint} />
      </>
    ),
  },
  { title: 'State', cell: ({ key, expiresAt }) => <KeyStateLabel state={key.state} expiresAt={expiresAt} /> },
  { title: 'Expires', cell: ({ expiresAt }) => <Time at={expiresAt} show="absolute" /> },
  { title: 'Live signatures', cell: ({ served }) => formatCount(served.signatures) },
  { title: 'Images', cell: ({ served }) => formatCount(served.images) },
  { title: 'Images with no other signature', cell: ({ served }) => <OnlyImages count={served.onlyImages} /> },
];

function OnlyImages({ count }: { count: number }) {
  if (count === 0) return 'none';
  return (
    <Label isCompact status="danger">
      {formatCount(count)}
    </Label>
  );
}

export function ExpiringKeys({ keys }: { keys: readonly ExpiringKey[] }) {
  return (
    <SectionCard title="Keys that expire within 90 days" isFlush>
      <Consequence keys={keys} />
      <DataTable
        label="Keys that expire"
        columns={COLUMNS}
        rows={keys.flatMap(endsOf)}
        rowKey={({ fingerprint }) => fingerprint}
      />
    </SectionCard>
  );
}

function endsOf(key: ExpiringKey): End[] {
  return [{ ...key, key, isSubkey: false }, ...key.endingSubkeys.map((subkey) => ({ ...subkey, key, isSubkey: true }))];
}

const WINDOW_MS = 90 * 24 * 60 * 60 * 1000;

/** Of a key that ends itself, what its subkeys take along is among what it does. */
function lostWith({ expiresAt, served, endingSubkeys }: ExpiringKey, until: number): number {
  const isOver = (end: string | null) => end !== null && Date.parse(end) <= until;
  if (isOver(expiresAt)) return served.onlyImages;
  return endingSubkeys.filter((end) => isOver(end.expiresAt)).reduce((sum, end) => sum + end.served.onlyImages, 0);
}

/** An image counts for the one key that lives longest, so these numbers add up. */
function Consequence({ keys }: { keys: readonly ExpiringKey[] }) {
  const now = useNow();
  const sumUntil = (until: number) => keys.reduce((sum, key) => sum + lostWith(key, until), 0);
  const lost = sumUntil(now);
  const due = sumUntil(now + WINDOW_MS) - lost;
  if (lost + due === 0)
    return (
      <p className="lks-expiring-note">
        Every image they signed has another live signature of a key that lives as long. Register a successor in time.
      </p>
    );
  return (
    <div className="lks-expiring-note">
      <Alert
        isInline
        component="p"
        variant={lost > 0 ? 'danger' : 'warning'}
        title={[
          lost === 0 ? '' : `${images(lost)} no signature that runtimes accept.`,
          due === 0 ? '' : `${images(due)} no signature left when ${due === 1 ? 'its' : 'their'} key expires.`,
        ]
          .join(' ')
          .trim()}
      >
        <p>
          Runtimes refuse everything an expired key signed, also what it signed before, and stop pulling these images.{' '}
          <Link to="/keys/register">Register a successor</Link>, give it to the nodes, and sign these images again with
          it. Or extend the key with <code>gpg --quick-set-expire</code>, register the newer copy, and give that to the
          nodes.
        </p>
      </Alert>
    </div>
  );
}

function images(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'image has' : 'images have'}`;
}
