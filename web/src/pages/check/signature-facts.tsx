// What a signature says that the store would accept, or has already.
import { Alert } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { Verdict } from '../../api/schema.ts';
import { NoteList } from '../../parts/compatibility-notes.tsx';
import { Digest, Fingerprint } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { imagePath, keyPath, repositoryPath, signaturePath } from '../../parts/paths.ts';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

type Acceptable = Exclude<Verdict, { status: 'refused' }>;

export function SignatureFacts({ verdict }: { verdict: Acceptable }) {
  const { repository, digest, reference, signer, signerName, signingKey, signedAt, notes } = verdict;
  return (
    <div className="lks-sections">
      {verdict.status === 'exists' ? <Existing id={verdict.id} number={verdict.number} /> : null}
      <Facts
        label="What the signature says"
        facts={[
          {
            term: 'Repository',
            value: (
              <Link to={repositoryPath(repository)}>
                <UserText>{repository}</UserText>
              </Link>
            ),
          },
          { term: 'Digest', value: <Digest value={digest} to={imagePath(repository, digest)} isFull /> },
          { term: 'Signed as', value: <UserText>{reference}</UserText> },
          { term: 'Signed by', value: <UserText>{signerName}</UserText> },
          { term: 'Fingerprint', value: <Fingerprint value={signer} to={keyPath(signer)} isFull /> },
          signingKey !== signer && { term: 'Signing subkey', value: <Fingerprint value={signingKey} isFull /> },
          { term: 'Signed', value: <Time at={signedAt} show="both" /> },
          verdict.status === 'acceptable' && {
            term: 'Algorithm',
            value: <UserText>{`${verdict.algorithm}, ${verdict.hash}`}</UserText>,
          },
          {
            term: 'Compatibility',
            value: notes.length === 0 ? 'All known readers accept it.' : <NoteList notes={notes} />,
          },
        ]}
      />
    </div>
  );
}

function Existing({ id, number }: { id: number; number: number | null }) {
  return (
    <Alert isInline component="p" variant="info" title="The store has this signature already">
      <Link to={signaturePath(id)}>{number === null ? 'See it' : `See signature-${number}`}</Link>
    </Alert>
  );
}
