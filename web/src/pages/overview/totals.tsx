// How much there is: one card for each number that people ask for.
import { GridItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Overview } from '../../api/schema.ts';
import { formatCount } from '../../parts/count.ts';
import { SectionCard } from '../../parts/section-card.tsx';

export function Totals({ overview: { signatures, images, repositories, keys } }: { overview: Overview }) {
  const unsigned = images.total - images.signed;
  return (
    <>
      <Total title="Live signatures" figure={formatCount(signatures.live)}>
        {formatCount(signatures.withdrawn)} withdrawn, {formatCount(signatures.revoked)} of revoked keys
      </Total>
      <Total
        title="Images with a live signature"
        figure={`${formatCount(images.signed)} of ${formatCount(images.total)}`}
      >
        {unsigned === 0
          ? 'All images the store knows are signed.'
          : `${formatCount(unsigned)} ${unsigned === 1 ? 'is' : 'are'} not signed any more.`}
      </Total>
      <Total title="Repositories" figure={<Link to="/repositories">{formatCount(repositories)}</Link>}>
        <Link to="/search">Search for one</Link>
      </Total>
      <Total title="Active keys" figure={<Link to="/keys?state=active">{formatCount(keys.active)}</Link>}>
        <KeyCount state="expired" count={keys.expired} />, <KeyCount state="retired" count={keys.retired} />,{' '}
        <KeyCount state="revoked" count={keys.revoked} />
      </Total>
    </>
  );
}

function KeyCount({ state, count }: { state: 'expired' | 'retired' | 'revoked'; count: number }) {
  const text = `${formatCount(count)} ${state}`;
  return count === 0 ? text : <Link to={`/keys?state=${state}`}>{text}</Link>;
}

type TotalProps = { readonly title: string; readonly figure: ReactNode; readonly children: ReactNode };

function Total({ title, figure, children }: TotalProps) {
  return (
    <GridItem sm={6} xl={3} className="lks-overview-cell">
      <SectionCard title={title}>
        <p className="lks-figure">{figure}</p>
        <p className="lks-figure-note">{children}</p>
      </SectionCard>
    </GridItem>
  );
}
