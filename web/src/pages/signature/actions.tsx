// What can be done with a signature: keep its bytes, withdraw it.
import { Button } from '@patternfly/react-core';
import { DownloadIcon } from '@patternfly/react-icons';
import { useState } from 'react';
import { address } from '../../api/client.ts';
import type { SignatureDetail } from '../../api/schema.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { WithdrawDialog } from './withdraw-dialog.tsx';

const WHY_NOT: Record<SignatureDetail['state'], string | undefined> = {
  live: undefined,
  withdrawn: 'It has been withdrawn already.',
  revoked: 'Its key is revoked: nothing it signed is served.',
};

export function Actions({ signature }: { signature: SignatureDetail }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button
        component="a"
        variant="secondary"
        icon={<DownloadIcon />}
        href={address('getBlob', { params: { id: signature.id } })}
        download
      >
        Download
      </Button>
      <ActionButton
        permission="withdraw"
        variant="secondary"
        isDanger
        why={WHY_NOT[signature.state]}
        onClick={() => setAsking(true)}
      >
        Withdraw
      </ActionButton>
      {isAsking ? <WithdrawDialog signature={signature} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
