// Everything that is known about a signature, the answers first and the bytes last.
import { Grid, GridItem } from '@patternfly/react-core';
import type { SignatureDetail } from '../../api/schema.ts';
import { Check } from './check.tsx';
import { Claim } from './claim.tsx';
import { History } from './history.tsx';
import { Packets } from './packets.tsx';
import { Signer } from './signer.tsx';
import { Standing } from './standing.tsx';
import { useWarnings } from './warnings.tsx';

export function Details({ signature }: { signature: SignatureDetail }) {
  const warnings = useWarnings(signature);
  return (
    <div className="lks-sections">
      {warnings}
      <Grid hasGutter>
        <GridItem xl={6}>
          <Standing signature={signature} />
        </GridItem>
        <GridItem xl={6}>
          <Signer signature={signature} />
        </GridItem>
      </Grid>
      <Check signature={signature} />
      <History events={signature.history} />
      <Claim signature={signature} />
      <Packets signature={signature} />
    </div>
  );
}
