// What came of it: the publisher that the job is taken for, or claim by claim why it is none of them.
import { Alert, Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { PublisherTrials } from '../../api/schema.ts';
import { InlineCode } from '../../parts/code.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Fingerprint } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { InView } from '../../parts/in-view.tsx';
import { keyPath } from '../../parts/paths.ts';
import { ScopeList } from '../../parts/scopes.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { formatVisible } from '../../parts/visible-text.ts';

type Trial = PublisherTrials['items'][number];

type TrialsProps = {
  readonly trials: readonly Trial[];
  /** Claims were given, which nobody signed. */
  readonly isBelieved: boolean;
};

export function Trials({ trials, isBelieved }: TrialsProps) {
  // What fits best first: one claim that differs is what somebody looks for.
  const sorted = trials.toSorted((a, b) => a.mismatches.length - b.mismatches.length);
  return (
    <div className="lks-sections">
      <Sum matching={sorted.filter(({ matches }) => matches)} count={trials.length} isBelieved={isBelieved} />
      {sorted.map((trial) => (
        <SectionCard
          key={trial.publisher.id}
          title={formatVisible(trial.publisher.name)}
          actions={<Verdict isMatch={trial.matches} words={trial.matches ? 'matches' : 'does not match'} />}
          isFlush
        >
          <DataTable label="claims" columns={COLUMNS} rows={claimsOf(trial)} rowKey={({ claim }) => claim} />
        </SectionCard>
      ))}
    </div>
  );
}

type SumProps = { readonly matching: readonly Trial[]; readonly count: number; readonly isBelieved: boolean };

function Sum({ matching, count, isBelieved }: SumProps) {
  const [only, ...others] = matching;
  if (only === undefined)
    return (
      <Result variant="danger" title={count === 0 ? 'No publisher has this issuer' : 'No publisher matches'}>
        An exchange would be refused.
        {count === 0 ? null : ' Below is what each publisher asks for, the closest one first.'}
      </Result>
    );
  const belief = isBelieved ? <p>These claims were believed: an exchange asks for an ID token that has them.</p> : null;
  if (others.length > 0)
    return (
      <Result variant="warning" title={`${matching.length} publishers match: the job must say which it is`}>
        <InlineCode what="the option">{`--publisher '${only.publisher.name.replaceAll("'", "'\\''")}'`}</InlineCode>
        {belief}
      </Result>
    );
  const { name, scopes, keys } = only.publisher;
  return (
    <Result variant="success" title={`This job is taken for ${formatVisible(name)}`}>
      <p>It would get a token of 15 minutes:</p>
      <Facts
        facts={[
          { term: 'For', value: <ScopeList scopes={scopes} /> },
          {
            term: 'Signatures of',
            value: keys.map((key) => <Fingerprint key={key} value={key} to={keyPath(key)} />),
          },
        ]}
      />
      {belief}
    </Result>
  );
}

type ResultProps = {
  readonly variant: 'success' | 'warning' | 'danger';
  readonly title: string;
  readonly children: ReactNode;
};

function Result({ variant, title, children }: ResultProps) {
  return (
    <InView>
      <Alert isInline isLiveRegion component="p" variant={variant} title={title}>
        {children}
      </Alert>
    </InView>
  );
}

type Claim = {
  readonly claim: string;
  readonly wanted: string;
  /** Undefined where it matches; null where it is not there. */
  readonly found: string | null | undefined;
};

/** Those that differ first. */
function claimsOf({ publisher, mismatches }: Trial): readonly Claim[] {
  const differing = new Set(mismatches.map(({ claim }) => claim));
  const matching = Object.entries(publisher.claims).filter(([claim]) => !differing.has(claim));
  return [...mismatches, ...matching.map(([claim, wanted]) => ({ claim, wanted, found: undefined }))];
}

const COLUMNS: readonly Column<Claim>[] = [
  { title: 'Claim', width: 25, cell: ({ claim }) => <UserText>{claim}</UserText> },
  { title: 'Must be', width: 30, cell: ({ wanted }) => <Value>{wanted}</Value> },
  { title: 'Here it is', width: 30, cell: ({ found }) => <Found value={found} /> },
  {
    title: 'Verdict',
    modifier: 'nowrap',
    cell: ({ found }) => <Verdict isMatch={found === undefined} words={wordOf(found)} />,
  },
];

function wordOf(found: Claim['found']): string {
  if (found === undefined) return 'matches';
  return found === null ? 'missing' : 'differs';
}

function Found({ value }: { value: Claim['found'] }) {
  if (value === undefined) return 'as it must be';
  return value === null ? 'nothing' : <Value>{value}</Value>;
}

function Value({ children }: { children: string }) {
  return (
    <code>
      <UserText>{children}</UserText>
    </code>
  );
}

function Verdict({ isMatch, words }: { isMatch: boolean; words: string }) {
  return (
    <Label isCompact status={isMatch ? 'success' : 'danger'}>
      {words}
    </Label>
  );
}
