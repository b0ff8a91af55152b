// The verdict on one signature: what it is, each step of intake, and where it is when it was uploaded.
import {
  Card,
  CardBody,
  CardExpandableContent,
  CardHeader,
  CardTitle,
  Label,
  type LabelProps,
} from '@patternfly/react-core';
import { useState } from 'react';
import { Link } from 'react-router';
import { signaturePath } from '../../parts/paths.ts';
import { UserText } from '../../parts/user-text.tsx';
import { formatVisible } from '../../parts/visible-text.ts';
import type { Candidate } from './candidates.ts';
import { Fault, Refused } from './refused.tsx';
import { SignatureFacts } from './signature-facts.tsx';
import { Steps } from './steps.tsx';
import { Uploaded } from './uploaded.tsx';

type VerdictCardProps = { readonly candidate: Candidate; readonly isUnfolded: boolean };

export function VerdictCard({ candidate, isUnfolded }: VerdictCardProps) {
  const [isExpanded, setExpanded] = useState(isUnfolded);
  const { id, name, fault, verdict, upload } = candidate;
  const titleId = `verdict-${id}`;
  return (
    <Card component="section" aria-label={`Verdict on ${formatVisible(name)}`} isExpanded={isExpanded} isCompact>
      <CardHeader
        onExpand={() => setExpanded(!isExpanded)}
        toggleButtonProps={{
          id: `${titleId}-toggle`,
          'aria-label': 'Details',
          'aria-labelledby': `${titleId}-toggle ${titleId}`,
          'aria-expanded': isExpanded,
        }}
      >
        <CardTitle component="h2" id={titleId}>
          <UserText>{name}</UserText> <Word candidate={candidate} /> <Place candidate={candidate} />
        </CardTitle>
      </CardHeader>
      <CardExpandableContent>
        <CardBody className="lks-sections">
          {fault === undefined ? null : <Fault>{fault}</Fault>}
          {upload === undefined ? null : <Uploaded result={upload} />}
          {verdict?.status === 'refused' ? <Refused problem={verdict.problem} /> : null}
          {verdict === undefined ? null : (
            <div className="lks-verdict-columns">
              {verdict.status === 'refused' ? null : <SignatureFacts verdict={verdict} />}
              <Steps steps={verdict.steps} />
            </div>
          )}
        </CardBody>
      </CardExpandableContent>
    </Card>
  );
}

/** Also when the card is folded: why it is refused, or where it is. */
function Place({ candidate: { verdict, upload } }: { candidate: Candidate }) {
  const place = upload ?? verdict;
  if (place?.status === 'refused') return <code className="lks-verdict-place">{place.problem.code}</code>;
  if (place?.status !== 'stored' && place?.status !== 'exists') return null;
  return (
    <Link to={signaturePath(place.id)} className="lks-verdict-place">
      {place.number === null ? 'see it' : `signature-${place.number}`}
    </Link>
  );
}

function Word({ candidate: { fault, verdict, upload } }: { candidate: Candidate }) {
  const [status, word] = findWord(fault, upload?.status ?? verdict?.status);
  return (
    <Label isCompact {...(status === undefined ? {} : { status })}>
      {word}
    </Label>
  );
}

function findWord(
  fault: string | undefined,
  status: 'acceptable' | 'exists' | 'refused' | 'stored' | undefined,
): readonly [LabelProps['status'], string] {
  if (fault !== undefined) return ['warning', 'not sent'];
  if (status === undefined) return [undefined, 'not checked'];
  const words = {
    acceptable: ['success', 'acceptable'],
    stored: ['success', 'uploaded'],
    exists: ['info', 'already stored'],
    refused: ['danger', 'refused'],
  } as const;
  return words[status];
}
