// The state of the store at a glance.
import './overview.css';
import { Grid, GridItem } from '@patternfly/react-core';
import type { Overview as OverviewAnswer } from '../../api/schema.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Answered } from '../../parts/answered.tsx';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Activity, Reasons } from './activity.tsx';
import { ExpiringKeys } from './expiring-keys.tsx';
import { FirstSteps } from './first-steps.tsx';
import { LastRefusals, LastUploads } from './last-events.tsx';
import { Totals } from './totals.tsx';

export function Overview() {
  const answer = useAnswer('getOverview');
  return (
    <>
      <PageHeader title="Overview" />
      <PageBody>
        <Answered answer={answer} what="Loading the overview">
          {(overview) => <Sections overview={overview} />}
        </Answered>
      </PageBody>
    </>
  );
}

function Sections({ overview }: { overview: OverviewAnswer }) {
  const { signatures, keys, days, refusals, expiringKeys, lastUploads, lastRefusals } = overview;
  const isUnused = signatures.live + signatures.withdrawn + signatures.revoked === 0;
  return (
    <Grid hasGutter>
      {isUnused ? (
        <GridItem>
          <FirstSteps hasKey={keys.active > 0} />
        </GridItem>
      ) : null}
      {isUnused ? null : <Totals overview={overview} />}
      {expiringKeys.length === 0 ? null : (
        <GridItem>
          <ExpiringKeys keys={expiringKeys} />
        </GridItem>
      )}
      {isUnused && refusals.length === 0 ? null : (
        <>
          <GridItem xl={7} className="lks-overview-cell">
            <Activity days={days} />
          </GridItem>
          <GridItem xl={5} className="lks-overview-cell">
            <Reasons refusals={refusals} />
          </GridItem>
        </>
      )}
      {lastUploads.length === 0 ? null : (
        <GridItem>
          <LastUploads signatures={lastUploads} />
        </GridItem>
      )}
      {lastRefusals.length === 0 ? null : (
        <GridItem>
          <LastRefusals refusals={lastRefusals} />
        </GridItem>
      )}
    </Grid>
  );
}
