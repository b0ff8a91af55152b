// Revoking is final, and what a key signed is gone from all nodes at once: the numbers first, then the digits.
import { Alert, FormGroup, TextInput } from '@patternfly/react-core';
import { useId, useState } from 'react';
import type { KeyWithServed } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { formatGroups } from '../../parts/digest.tsx';
import { describeStop } from '../../parts/loss.ts';
import { useToast } from '../../parts/toasts.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { Unsigned, useImpact } from './unsigned.tsx';

const TYPED_DIGITS = 8;

type RevokeDialogProps = { readonly of: KeyWithServed; readonly onClose: () => void };

export function RevokeDialog({ of: key, onClose }: RevokeDialogProps) {
  const { fingerprint, name, served } = key;
  const impact = useImpact(fingerprint);
  const id = useId();
  const [typed, setTyped] = useState('');
  const change = useChange('changeKey');
  const toast = useToast();
  const digits = fingerprint.slice(-TYPED_DIGITS);
  const isConfirmed = served.signatures === 0 || typed.replace(/\s/g, '').toUpperCase() === digits;
  const revoke = async (reason: string) => {
    await change.mutateAsync({ params: { fingerprint }, body: { state: 'revoked', reason } });
    toast.success('Revoked', name);
  };
  return (
    <ConfirmDialog
      title="Revoke this key?"
      action="Revoke"
      isDanger
      isReady={isConfirmed}
      onConfirm={revoke}
      onClose={onClose}
    >
      <p>
        <UserText>{name}</UserText>
      </p>
      <Alert variant={served.signatures === 0 ? 'info' : 'danger'} isInline component="p" title={describeStop(served)}>
        <Unsigned impact={impact} then="Where one is required, they cannot be pulled." />
        <p>This cannot be undone. New uploads that it signed are refused for good.</p>
        <p>Nodes keep what they have: remove the key from their policy as well.</p>
      </Alert>
      {served.signatures === 0 ? null : (
        <FormGroup
          label={`Last ${TYPED_DIGITS} digits of the fingerprint, to confirm: ${formatGroups(digits)}`}
          isRequired
          fieldId={id}
        >
          <TextInput
            id={id}
            value={typed}
            isRequired
            autoComplete="off"
            spellCheck={false}
            onChange={(_event, text) => setTyped(text)}
          />
        </FormGroup>
      )}
    </ConfirmDialog>
  );
}
