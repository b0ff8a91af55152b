// The verdict: on whom it depends, reader by reader, with what becomes of each signature; and the platforms of an index.
import { Alert, Label } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { RuntimeVerdict } from '../../api/schema.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Digest } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { InView } from '../../parts/in-view.tsx';
import { imagePath, keyPath, signaturePath } from '../../parts/paths.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { Outcome, READERS, Requirements } from './readers.tsx';

export function Answer({ verdict }: { verdict: RuntimeVerdict }) {
  const { readers, signatures, platforms } = verdict;
  return (
    <div className="lks-sections">
      <Sum readers={readers} />
      <SectionCard title="Who would accept it" isFlush>
        <DataTable
          label="verdicts"
          columns={READERS}
          rows={readers}
          rowKey={({ reader }) => reader}
          detail={Requirements}
        />
      </SectionCard>
      <SectionCard title="What was asked">
        <Asked verdict={verdict} />
      </SectionCard>
      {platforms === null ? null : (
        <SectionCard title="Platforms of the index" isFlush>
          <DataTable
            label="platforms"
            columns={platformColumns(verdict.storedAs)}
            rows={platforms}
            rowKey={({ name, digest }) => `${name} ${digest}`}
          />
        </SectionCard>
      )}
      <SectionCard title="Signatures" isFlush={signatures.length > 0}>
        {signatures.length === 0 ? (
          'None: runtimes find this manifest unsigned.'
        ) : (
          <DataTable label="signatures" columns={SIGNATURES} rows={signatures} rowKey={({ id }) => id} />
        )}
      </SectionCard>
    </div>
  );
}

/** Also for who does not see that something has come. */
function Sum({ readers }: Pick<RuntimeVerdict, 'readers'>) {
  const accepting = readers.filter(({ outcome }) => outcome === 'accepted').length;
  const variant = accepting === readers.length ? 'success' : accepting === 0 ? 'danger' : 'warning';
  const title = accepting === readers.length ? 'Everybody accepts it' : `${accepting} of ${readers.length} accept it`;
  return (
    <InView>
      <Alert isInline isLiveRegion component="p" variant={variant} title={title} />
    </InView>
  );
}

const BASES = {
  keys: 'one of the given keys, under matchRepoDigestOrExact',
  'registered-keys': 'any registered key of the repository, under matchRepoDigestOrExact',
} as const;

function Asked({ verdict: { image, digest, storedAs, basis, notes } }: { verdict: RuntimeVerdict }) {
  return (
    <Facts
      facts={[
        { term: 'Image', value: <UserText>{image}</UserText> },
        { term: 'Manifest', value: <Digest value={digest} to={imagePath(storedAs, digest)} isFull /> },
        { term: 'Stored as', value: <UserText>{storedAs}</UserText> },
        { term: 'Demanded', value: basis.kind === 'policy' ? <Section scope={basis.scope} /> : BASES[basis.kind] },
        ...notes.map((note, index) => ({
          term: notes.length === 1 ? 'Note' : `Note ${index + 1}`,
          value: <UserText>{note}</UserText>,
        })),
      ]}
    />
  );
}

function Section({ scope }: { scope: string | null }) {
  if (scope === null) return 'the default of the policy';
  if (scope === '') return 'the default of docker in the policy';
  return (
    <>
      the scope <UserText>{scope}</UserText> of the policy
    </>
  );
}

const SIGNATURES: readonly Column<RuntimeVerdict['signatures'][number]>[] = [
  {
    title: 'Number',
    modifier: 'nowrap',
    cell: ({ id, number }) => <Link to={signaturePath(id)}>signature-{number}</Link>,
  },
  {
    title: 'Signer',
    cell: ({ signer, signerName }) => (
      <Link to={keyPath(signer)}>
        <UserText>{signerName}</UserText>
      </Link>
    ),
  },
  { title: 'Signed as', cell: ({ reference }) => <UserText>{reference}</UserText> },
  { title: 'The name fits under', cell: ({ identities }) => identities.join(', ') || 'none that needs no names' },
];

type Platform = NonNullable<RuntimeVerdict['platforms']>[number];

function platformColumns(storedAs: string): readonly Column<Platform>[] {
  return [
    { title: 'Platform', cell: ({ name }) => <UserText>{name}</UserText> },
    { title: 'Manifest', cell: ({ digest }) => <Digest value={digest} to={imagePath(storedAs, digest)} /> },
    {
      title: 'Signatures',
      cell: ({ signatures }) =>
        signatures.length === 0 ? (
          <Label isCompact status="danger">
            not signed
          </Label>
        ) : (
          signatures.length
        ),
    },
    {
      title: 'podman, CRI-O',
      cell: ({ readers }) => (
        <Outcome outcome={readers.find(({ reader }) => reader === 'gpgme')?.outcome ?? 'unknown'} />
      ),
    },
  ];
}
