// Replacing a key by another: what its successor has yet to sign, and how. Nothing of it is stored, so that it can be left
// and taken up again at any time.
import { useParams } from 'react-router';
import { useAnswer } from '../../api/use-answer.ts';
import { Answered } from '../../parts/answered.tsx';
import { formatGroups } from '../../parts/digest.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { keyPath } from '../../parts/paths.ts';
import { SectionCard } from '../../parts/section-card.tsx';
import { useFilter } from '../../parts/use-filter.ts';
import { Left } from './left.tsx';
import './rotation.css';
import { SuccessorChoice } from './successor-choice.tsx';

export function Rotation() {
  const { fingerprint = '' } = useParams();
  const [to] = useFilter('to');
  const answer = useAnswer('getKey', { params: { fingerprint } });
  const name = answer.data?.name ?? formatGroups(fingerprint.slice(-16));
  return (
    <>
      <PageHeader
        title={`Replace ${name}`}
        crumbs={[
          { label: 'Keys', to: '/keys' },
          { label: name, to: keyPath(fingerprint) },
        ]}
        description="What another key has to sign before this one can go. Pulls are not interrupted."
      />
      <PageBody>
        <Answered answer={answer} what="Loading the key">
          {() => (
            <div className="lks-sections">
              <SectionCard title="Successor">
                <SuccessorChoice old={fingerprint} />
              </SectionCard>
              {to === undefined ? null : <Left key={to} old={fingerprint} to={to} />}
            </div>
          )}
        </Answered>
      </PageBody>
    </>
  );
}
