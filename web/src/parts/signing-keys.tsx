// The primary key and the subkeys of an OpenPGP key: which of them may sign, and until when.
import { Label } from '@patternfly/react-core';
import type { SigningKey } from '../api/schema.ts';
import { useNow } from './clock.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { Fingerprint } from './digest.tsx';
import { Expiry } from './expiry.tsx';
import { isExpired } from './state-label.tsx';
import { Time } from './time.tsx';
import { UserText } from './user-text.tsx';

/** `refused` is why the whole key may not sign, where it is so. */
const createColumns = (refused: string | null): readonly Column<SigningKey>[] => [
  { title: 'Key', modifier: 'nowrap', cell: ({ primary }) => (primary ? 'Primary key' : 'Subkey') },
  { title: 'Fingerprint', cell: ({ fingerprint }) => <Fingerprint value={fingerprint} /> },
  { title: 'Algorithm', cell: ({ algorithm }) => <UserText>{algorithm}</UserText> },
  { title: 'Created', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { title: 'Expires', cell: ({ expiresAt }) => <Expiry at={expiresAt} /> },
  { title: 'May sign', width: 30, cell: (part) => <MaySign part={part} refused={refused} /> },
];

type SigningKeysProps = { readonly signingKeys: readonly SigningKey[]; readonly refused?: string | null };

export function SigningKeys({ signingKeys, refused = null }: SigningKeysProps) {
  return (
    <DataTable
      label="Primary key and subkeys"
      columns={createColumns(refused)}
      rows={signingKeys}
      rowKey={({ fingerprint }) => fingerprint}
    />
  );
}

type MaySignProps = { readonly part: SigningKey; readonly refused: string | null };

function MaySign({ part: { revoked, unusable, expiresAt }, refused }: MaySignProps) {
  const now = useNow();
  if (revoked) return <Verdict status="danger" word="no" why="it is revoked" />;
  if (unusable !== null) return <Verdict word="no" why={unusable} />;
  if (isExpired(expiresAt, now)) return <Verdict status="danger" word="no" why="it has expired" />;
  if (refused !== null) return <Verdict word="no" why={refused} />;
  return <Verdict status="success" word="yes" />;
}

type VerdictProps = { readonly status?: 'success' | 'danger'; readonly word: string; readonly why?: string };

function Verdict({ status, word, why }: VerdictProps) {
  return (
    <>
      <Label isCompact {...(status === undefined ? {} : { status })}>
        {word}
      </Label>{' '}
      {why === undefined ? null : <UserText>{why}</UserText>}
    </>
  );
}
