// Where a signature stands: what it is for, whether it is served, when it came and from whom.
import { Label } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { SignatureDetail } from '../../api/schema.ts';
import { ActorName } from '../../parts/actor-name.tsx';
import { Digest } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { imagePath, repositoryPath } from '../../parts/paths.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { StateLabel } from '../../parts/state-label.tsx';
import { Time } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';

const MEANING: Record<SignatureDetail['state'], string> = {
  live: 'runtimes read it',
  withdrawn: 'no longer served, by an admin’s decision',
  revoked: 'no longer served, because its key is revoked',
};

export function Standing({ signature }: { signature: SignatureDetail }) {
  const { repository, digest, reference, state, number, lastLive, signedAt, storedAt, storedBy } = signature;
  return (
    <SectionCard title="Signature">
      <Facts
        facts={[
          {
            term: 'State',
            value: (
              <>
                <StateLabel state={state} /> {MEANING[state]}
              </>
            ),
          },
          number !== null && {
            term: 'Number',
            value: (
              <>
                signature-{number}{' '}
                {lastLive ? (
                  <Label isCompact status="warning">
                    only live one
                  </Label>
                ) : null}
              </>
            ),
          },
          {
            term: 'Docker reference',
            value: <UserText>{reference}</UserText>,
          },
          {
            term: 'Repository',
            value: (
              <Link to={repositoryPath(repository)}>
                <UserText>{repository}</UserText>
              </Link>
            ),
          },
          { term: 'Image', value: <Digest value={digest} to={imagePath(repository, digest)} isFull /> },
          { term: 'Signed', value: <Time at={signedAt} show="both" /> },
          { term: 'Stored', value: <Time at={storedAt} show="both" /> },
          { term: 'Uploaded by', value: <ActorName actor={storedBy} /> },
        ]}
      />
    </SectionCard>
  );
}
