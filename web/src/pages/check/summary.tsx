// How many would be accepted, and what can be done with them.
import { Button, Flex, Spinner } from '@patternfly/react-core';
import { ActionButton } from '../../parts/action-button.tsx';
import { type Candidate, isAcceptable } from './candidates.ts';

type SummaryProps = {
  readonly candidates: readonly Candidate[];
  readonly pending: 'check' | 'upload' | null;
  readonly onUpload: () => void;
  readonly onClear: () => void;
};

export function Summary({ candidates, pending, onUpload, onClear }: SummaryProps) {
  const ready = candidates.filter(isAcceptable).length;
  return (
    <Flex alignItems={{ default: 'alignItemsCenter' }} gap={{ default: 'gapMd' }}>
      <p role="status" className="lks-check-summary">
        {pending === 'check' ? (
          <>
            <Spinner size="md" aria-label="Checking" /> Checking
          </>
        ) : (
          describe(candidates)
        )}
      </p>
      {ready === 0 ? null : (
        <ActionButton
          permission="upload"
          variant="primary"
          isLoading={pending === 'upload'}
          why={pending === 'check' ? 'They are being checked.' : undefined}
          onClick={() => {
            if (pending === null) onUpload();
          }}
        >
          {ready === 1 ? 'Upload the acceptable one' : `Upload the ${ready} acceptable ones`}
        </ActionButton>
      )}
      <Button variant="link" onClick={onClear}>
        Clear
      </Button>
    </Flex>
  );
}

function describe(candidates: readonly Candidate[]): string {
  const number = (fits: (candidate: Candidate) => boolean) => candidates.filter(fits).length;
  const counts: readonly (readonly [number, string])[] = [
    [number(({ upload }) => upload !== undefined && upload.status !== 'refused'), 'uploaded'],
    [number(isAcceptable), 'acceptable'],
    [number(({ verdict }) => verdict?.status === 'exists'), 'already stored'],
    [number(isRefused), 'refused'],
    [number(({ fault }) => fault !== undefined), 'not sent'],
  ];
  const said = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return said.length === 0 ? 'Not checked yet' : said.join(', ');
}

const isRefused = ({ verdict, upload }: Candidate) =>
  upload?.status === 'refused' || (upload === undefined && verdict?.status === 'refused');
