// One key: its state, what it may sign, and what hangs on it.
import { useParams } from 'react-router';
import type { KeyWithServed } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Answered } from '../../parts/answered.tsx';
import { formatGroups } from '../../parts/digest.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { SigningKeys } from '../../parts/signing-keys.tsx';
import { KeyStateLabel } from '../../parts/state-label.tsx';
import { NothingHere } from '../../parts/states.tsx';
import { Dependents } from './dependents.tsx';
import { KeyActions } from './key-actions.tsx';
import { KeyFacts } from './key-facts.tsx';
import { OnlyImages } from './only-images.tsx';
import { SignaturesOfKey } from './signatures-of-key.tsx';
import { Standing } from './standing.tsx';

const CRUMBS = [{ label: 'Keys', to: '/keys' }];

export function KeyPage() {
  const { fingerprint = '' } = useParams();
  const answer = useAnswer('getKey', { params: { fingerprint } });
  const key = answer.data;
  return (
    <>
      <PageHeader
        title={key?.name ?? `Key ${formatGroups(fingerprint.slice(-16))}`}
        crumbs={CRUMBS}
        {...(key === undefined ? {} : { labels: <KeyStateLabel {...key} />, actions: <KeyActions of={key} /> })}
      />
      <PageBody>
        <Answered
          answer={answer}
          what="Loading the key"
          refused={({ code }) => (code === 'KEY_NOT_FOUND' ? <Unknown /> : null)}
        >
          {(known) => <Known key={known.fingerprint} of={known} />}
        </Answered>
      </PageBody>
    </>
  );
}

function Known({ of: key }: { of: KeyWithServed }) {
  return (
    <div className="lks-sections">
      <Standing of={key} />
      <SectionCard title="Key">
        <KeyFacts of={key} />
      </SectionCard>
      <SectionCard title="What depends on it">
        <Dependents of={key} />
      </SectionCard>
      <SectionCard title="Primary key and subkeys" isFlush>
        <SigningKeys
          signingKeys={key.signingKeys}
          refused={key.state === 'active' ? null : `the key is ${key.state}`}
        />
      </SectionCard>
      <OnlyImages of={key} />
      <SignaturesOfKey fingerprint={key.fingerprint} />
    </div>
  );
}

function Unknown() {
  return (
    <NothingHere
      title="This key is not registered"
      actions={
        <LinkButton to="/keys" variant="link">
          All keys
        </LinkButton>
      }
    >
      Signatures that it made are refused. Register it if it is one of yours.
    </NothingHere>
  );
}
