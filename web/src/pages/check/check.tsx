// A dry run of the intake: the verdict, step by step, and nothing stored.
import './check.css';
import { Button } from '@patternfly/react-core';
import { ErrorAlert } from '../../parts/error-alert.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { SignatureSource } from './signature-source.tsx';
import { Summary } from './summary.tsx';
import { type Failure, useCheck } from './use-check.ts';
import { VerdictCard } from './verdict-card.tsx';

/** As many results are unfolded; of more, those that need attention. */
const UNFOLDED = 5;

export function Check() {
  const { candidates, target, setTarget, pending, failure, add, again, checkAll, upload, clear } = useCheck();
  return (
    <>
      <PageHeader
        title="Check a signature"
        description="Whether this store would accept it, and why not. It is checked as an upload is, and nothing is stored."
      />
      <PageBody>
        <SignatureSource
          target={target}
          onTarget={setTarget}
          count={candidates.length}
          isPending={pending !== null}
          onAdd={add}
          onAgain={checkAll}
        />
        {failure === null ? null : (
          <ErrorAlert
            title={findFailureTitle(failure)}
            error={failure.error}
            actionLinks={
              <Button variant="link" isInline onClick={again}>
                Try again
              </Button>
            }
          />
        )}
        {candidates.length === 0 ? null : (
          <Summary candidates={candidates} pending={pending} onUpload={upload} onClear={clear} />
        )}
        {candidates.length === 0 ? null : (
          <div className="lks-sections">
            {candidates.map((candidate) => (
              <VerdictCard key={candidate.id} candidate={candidate} isUnfolded={candidates.length <= UNFOLDED} />
            ))}
          </div>
        )}
      </PageBody>
    </>
  );
}

/** Without an answer, the upload may have arrived all the same; sending it again is harmless. */
function findFailureTitle({ of, error }: Failure): string {
  if (of === 'check') return 'There is no verdict';
  return error.status === 0 ? 'It is not known whether they were uploaded' : 'Nothing was uploaded';
}
