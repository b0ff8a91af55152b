// What can be done with a key as a whole: replace, retire, reactivate, revoke, register a newer copy.
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { KeyWithServed } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { rotationPath } from '../../parts/paths.ts';
import { useToast } from '../../parts/toasts.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { RetireDialog } from './retire-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';

type Asking = 'retire' | 'reactivate' | 'revoke' | null;

export function KeyActions({ of: key }: { of: KeyWithServed }) {
  const [asking, setAsking] = useState<Asking>(null);
  const navigate = useNavigate();
  const close = () => setAsking(null);
  if (key.state === 'revoked') return null;
  return (
    <>
      <LinkButton variant="secondary" to={rotationPath(key.fingerprint)}>
        Replace this key
      </LinkButton>
      <ActionButton permission="admin" variant="secondary" onClick={() => void navigate('/keys/register')}>
        Register a newer copy
      </ActionButton>
      {key.state === 'active' ? (
        <ActionButton permission="admin" variant="secondary" onClick={() => setAsking('retire')}>
          Retire
        </ActionButton>
      ) : (
        <ActionButton permission="admin" variant="secondary" onClick={() => setAsking('reactivate')}>
          Reactivate
        </ActionButton>
      )}
      <ActionButton permission="admin" variant="secondary" isDanger onClick={() => setAsking('revoke')}>
        Revoke
      </ActionButton>
      {asking === 'retire' && <RetireDialog of={key} onClose={close} />}
      {asking === 'reactivate' && <ReactivateDialog of={key} onClose={close} />}
      {asking === 'revoke' && <RevokeDialog of={key} onClose={close} />}
    </>
  );
}

type DialogProps = { readonly of: KeyWithServed; readonly onClose: () => void };

function ReactivateDialog({ of: { fingerprint, name }, onClose }: DialogProps) {
  const change = useChange('changeKey');
  const toast = useToast();
  const reactivate = async () => {
    await change.mutateAsync({ params: { fingerprint }, body: { state: 'active' } });
    toast.success('Reactivated', name);
  };
  return (
    <ConfirmDialog
      title="Reactivate this key?"
      action="Reactivate"
      hasReason={false}
      onConfirm={reactivate}
      onClose={onClose}
    >
      <p>
        <UserText>{name}</UserText>
      </p>
      <p>New uploads that it signed are accepted again, within its scopes.</p>
    </ConfirmDialog>
  );
}
