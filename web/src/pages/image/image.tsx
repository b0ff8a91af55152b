// One image: is it signed, by whom, since when, and which readers refuse it all the same.
import { useSearchParams } from 'react-router';
import { useAnswer } from '../../api/use-answer.ts';
import { Answered } from '../../parts/answered.tsx';
import { Digest } from '../../parts/digest.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { repositoryPath } from '../../parts/paths.ts';
import { useCursor } from '../../parts/use-cursor.ts';
import { useFilter } from '../../parts/use-filter.ts';
import { UserText } from '../../parts/user-text.tsx';
import { Found } from './found.tsx';
import { NoImage } from './no-image.tsx';

/** All live signatures, of which there are 127 at most, and the history of all but the most unusual images. */
const ROWS = 250;

/** What the server says to an address that is none of an image. */
const NO_IMAGE: ReadonlySet<string> = new Set(['REPOSITORY_INVALID', 'DIGEST_INVALID', 'REQUEST_INVALID']);

/** The address may hold anything; what is no digest is shown as the text of a stranger. */
const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function Image() {
  const [search] = useSearchParams();
  const repository = search.get('repository') ?? '';
  const digest = search.get('digest') ?? '';
  const cursor = useCursor();
  const [state] = useFilter('state');
  const isLiveOnly = state === 'live';
  // Without the rows of before: they could be those of another image.
  const answer = useAnswer('listSignatures', {
    query: { repository, digest, limit: ROWS, cursor: cursor.cursor, state: isLiveOnly ? 'live' : undefined },
  });
  return (
    <>
      <PageHeader
        title={digest === '' ? 'Image' : `Image ${digest}`}
        {...(DIGEST.test(digest) ? { heading: <Digest value={digest} hasCopy={false} /> } : {})}
        crumbs={[
          { label: 'Repositories', to: '/repositories' },
          { label: repository, to: repositoryPath(repository) },
        ]}
        description={
          <>
            Image of <UserText>{repository}</UserText>
          </>
        }
      />
      <PageBody>
        <Answered
          answer={answer}
          what="Loading the signatures of the image"
          refused={({ code }) => (NO_IMAGE.has(code) ? <NoImage repository={repository} digest={digest} /> : null)}
        >
          {(list) => <Found image={{ repository, digest }} list={list} cursor={cursor} isLiveOnly={isLiveOnly} />}
        </Answered>
      </PageBody>
    </>
  );
}
