// Asks before a signature is withdrawn, and says what that does and what it does not.
import { Alert } from '@patternfly/react-core';
import { Link } from 'react-router';
import type { SignatureDetail } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { keyPath } from '../../parts/paths.ts';
import { useToast } from '../../parts/toasts.tsx';

type WithdrawDialogProps = { readonly signature: SignatureDetail; readonly onClose: () => void };

export function WithdrawDialog({ signature, onClose }: WithdrawDialogProps) {
  const { id, number, signer, lastLive } = signature;
  const withdraw = useChange('withdrawSignature');
  const toast = useToast();
  const confirm = async (reason: string) => {
    await withdraw.mutateAsync({ params: { id }, body: { reason } });
    toast.success(`Signature ${id} is withdrawn`, 'It is no longer served, from now on.');
  };
  return (
    <ConfirmDialog
      title={number === null ? 'Withdraw this signature?' : `Withdraw signature-${number} of this image?`}
      action="Withdraw"
      isDanger
      onConfirm={confirm}
      onClose={onClose}
    >
      {lastLive ? (
        <Alert variant="danger" isInline component="p" title="This is the last live signature of the image">
          The image will be unsigned: runtimes that require a signature refuse to pull it. Upload another signature
          first if it is still in use.
        </Alert>
      ) : null}
      <p>
        The store stops serving it at once, and the signatures after it move up by one. The same signature is not taken
        back: to undo this, sign the image again.
      </p>
      <p>
        This is not cryptographic revocation: copies elsewhere still verify. If the key is in the wrong hands, revoke{' '}
        <Link to={keyPath(signer)}>the key</Link> instead.
      </p>
    </ConfirmDialog>
  );
}
