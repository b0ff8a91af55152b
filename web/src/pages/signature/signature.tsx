// One signature: who, when, what it says, and whether readers accept it.
import { Link, useParams } from 'react-router';
import type { SignatureDetail } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Answered } from '../../parts/answered.tsx';
import { formatShortDigest } from '../../parts/digest.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { type Crumb, PageHeader } from '../../parts/page-header.tsx';
import { imagePath, keyPath, repositoryPath } from '../../parts/paths.ts';
import { StateLabel } from '../../parts/state-label.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { Actions } from './actions.tsx';
import { Details } from './details.tsx';

/** What the server says to an id that is none, and to one that nothing has. */
const UNKNOWN: ReadonlySet<string> = new Set(['SIGNATURE_NOT_FOUND', 'REQUEST_INVALID']);

export function Signature() {
  const { id = '' } = useParams();
  const answer = useAnswer('getSignature', { params: { id } });
  const { data } = answer;
  return (
    <>
      {/* The same one before and after, as it holds the focus. */}
      <PageHeader
        title={`Signature ${id}`}
        crumbs={[{ label: 'Repositories', to: '/repositories' }, ...(data === undefined ? [] : crumbsTo(data))]}
        {...(data === undefined
          ? {}
          : {
              labels: <StateLabel state={data.state} />,
              description: <Description signature={data} />,
              actions: <Actions signature={data} />,
            })}
      />
      <PageBody>
        <Answered
          answer={answer}
          what="Loading the signature"
          refused={({ code }) => (UNKNOWN.has(code) ? <Unknown id={id} /> : null)}
        >
          {(signature) => <Details signature={signature} />}
        </Answered>
      </PageBody>
    </>
  );
}

function crumbsTo({ repository, digest }: SignatureDetail): readonly Crumb[] {
  return [
    { label: repository, to: repositoryPath(repository) },
    { label: formatShortDigest(digest), to: imagePath(repository, digest) },
  ];
}

function Description({ signature: { reference, signer, signerName } }: { signature: SignatureDetail }) {
  return (
    <>
      <UserText>{reference}</UserText>, signed by{' '}
      <Link to={keyPath(signer)}>
        <UserText>{signerName}</UserText>
      </Link>
    </>
  );
}

function Unknown({ id }: { id: string }) {
  return (
    <NothingHere
      title={`There is no signature ${id}`}
      actions={
        <LinkButton variant="primary" to="/search">
          Search the store
        </LinkButton>
      }
    >
      An id is not the N of signature-N: that one counts within an image. Look for the repository or the digest.
    </NothingHere>
  );
}
