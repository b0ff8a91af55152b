// Revocation certificates in a file, and the registered keys that they end.
import { Link } from 'react-router';
import type { KeyPreview } from '../../api/schema.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { keyPath } from '../../parts/paths.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { KeyStateLabel } from '../../parts/state-label.tsx';
import { UserText } from '../../parts/user-text.tsx';

type Revocation = KeyPreview['revocations'][number];

const COLUMNS: readonly Column<Revocation>[] = [
  { title: 'For key id', cell: ({ issuer }) => <code className="lks-hex">{issuer}</code> },
  { title: 'Ends', cell: ({ registered }) => <Ended of={registered} /> },
  { title: 'State now', cell: ({ registered }) => (registered === null ? '' : <KeyStateLabel {...registered} />) },
];

export function PreviewedRevocations({ revocations }: { revocations: readonly Revocation[] }) {
  return (
    <SectionCard title="Revocation certificates" isFlush>
      <DataTable label="Revocation certificates" columns={COLUMNS} rows={revocations} rowKey={({ issuer }) => issuer} />
    </SectionCard>
  );
}

function Ended({ of: key }: { of: Revocation['registered'] }) {
  if (key === null) return <span>a key that is not registered; register that first</span>;
  return (
    <Link to={keyPath(key.fingerprint)}>
      <UserText>{key.name}</UserText>
    </Link>
  );
}
