// The signatures of an image: those that runtimes read in their order, and those they do not read any more.
import { Label } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { Signature } from '../../api/schema.ts';
import { ActorName } from '../../parts/actor-name.tsx';
import { count } from '../../parts/count.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { keyPath, signaturePath } from '../../parts/paths.ts';
import { Reference } from '../../parts/reference.tsx';
import { StateLabel } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

const SIGNER: Column<Signature> = {
  title: 'Signer',
  width: 20,
  cell: ({ signer, signerName }) => (
    <Link to={keyPath(signer)}>
      <UserText>{signerName}</UserText>
    </Link>
  ),
};
const REFERENCE: Column<Signature> = {
  title: 'Reference',
  width: 20,
  cell: ({ repository, reference }) => <Reference repository={repository}>{reference}</Reference>,
};
const STATE: Column<Signature> = { title: 'State', cell: ({ state }) => <StateLabel state={state} /> };
const STORED: Column<Signature> = { title: 'Stored', cell: ({ storedAt }) => <Time at={storedAt} /> };

const LIVE: readonly Column<Signature>[] = [
  {
    title: 'Number',
    modifier: 'nowrap',
    cell: ({ id, number }) => <Link to={signaturePath(id)}>signature-{number}</Link>,
  },
  STATE,
  SIGNER,
  REFERENCE,
  { title: 'Signed', cell: ({ signedAt }) => <Time at={signedAt} /> },
  STORED,
  { title: 'Uploaded by', cell: ({ storedBy }) => <ActorName actor={storedBy} /> },
  { title: 'Notes', cell: ({ notes }) => <Notes notes={notes} /> },
];

const GONE: readonly Column<Signature>[] = [
  { title: 'Signature', modifier: 'nowrap', cell: ({ id }) => <Link to={signaturePath(id)}>Signature {id}</Link> },
  STATE,
  SIGNER,
  REFERENCE,
  STORED,
  { title: 'Withdrawn', cell: ({ withdrawnAt }) => <Time at={withdrawnAt} /> },
  { title: 'Reason', width: 20, cell: (row) => <Reason signature={row} /> },
];

const rowKey = ({ id }: Signature) => id;

export function LiveSignatures({ rows, isWhole }: { rows: readonly Signature[]; isWhole: boolean }) {
  if (rows.length === 0) return isWhole ? 'None: runtimes find this image unsigned.' : 'None on this page.';
  return <DataTable label="live signatures" columns={LIVE} rows={rows} rowKey={rowKey} />;
}

export function GoneSignatures({ rows }: { rows: readonly Signature[] }) {
  return <DataTable label="signatures that are no longer served" columns={GONE} rows={rows} rowKey={rowKey} />;
}

function Notes({ notes }: Pick<Signature, 'notes'>) {
  if (notes.length === 0) return 'none';
  return (
    <Label isCompact status="warning" title="some readers refuse it">
      {count(notes.length, 'note')}
    </Label>
  );
}

function Reason({ signature: { state, withdrawnReason } }: { signature: Signature }) {
  if (withdrawnReason !== null) return <UserText>{withdrawnReason}</UserText>;
  return state === 'revoked' ? 'its key is revoked' : null;
}
