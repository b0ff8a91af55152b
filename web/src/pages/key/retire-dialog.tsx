// Retiring can be undone, but is the step before a key leaves the nodes: what would be refused there is said first.
import { Alert, Checkbox } from '@patternfly/react-core';
import { useId, useState } from 'react';
import type { KeyWithServed } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { useNow } from '../../parts/clock.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { isExpired } from '../../parts/state-label.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { Unsigned, useImpact } from './unsigned.tsx';

type RetireDialogProps = { readonly of: KeyWithServed; readonly onClose: () => void };

export function RetireDialog({ of: { fingerprint, name, expiresAt }, onClose }: RetireDialogProps) {
  const id = useId();
  const now = useNow();
  const impact = useImpact(fingerprint);
  const [isForced, setForced] = useState(false);
  const change = useChange('changeKey');
  const toast = useToast();
  // What an expired key signed is refused already.
  const isNeeded = impact !== undefined && impact.onlyImages > 0 && !isExpired(expiresAt, now);
  const retire = async (reason: string) => {
    const force = isNeeded && isForced ? { force: true } : {};
    await change.mutateAsync({ params: { fingerprint }, body: { state: 'retired', reason, ...force } });
    toast.success('Retired', name);
  };
  return (
    <ConfirmDialog
      title="Retire this key?"
      action="Retire"
      isReady={!isNeeded || isForced}
      onConfirm={retire}
      onClose={onClose}
    >
      <p>
        <UserText>{name}</UserText>
      </p>
      <p>What it signed is still served. New uploads that it signed are refused. You can reactivate it.</p>
      {isNeeded ? (
        <>
          <Alert
            variant="warning"
            isInline
            component="p"
            title="Images depend on it: do not take it from the nodes yet."
          >
            <Unsigned impact={impact} then="Nodes that no longer trust this key refuse them." />
          </Alert>
          <Checkbox
            id={id}
            label="Retire it all the same"
            isChecked={isForced}
            onChange={(_event, isChecked) => setForced(isChecked)}
          />
        </>
      ) : null}
    </ConfirmDialog>
  );
}
