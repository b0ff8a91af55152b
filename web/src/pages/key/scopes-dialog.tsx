// Other scopes for a key. They count for new uploads.
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import type { KeyWithServed } from '../../api/schema.ts';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { createScopesDraft, readScopes } from '../../parts/scopes-draft.ts';
import { ScopesEditor } from '../../parts/scopes-editor.tsx';
import { useToast } from '../../parts/toasts.tsx';

type ScopesDialogProps = { readonly of: KeyWithServed; readonly onClose: () => void };

export function ScopesDialog({ of: { fingerprint, scopes: before }, onClose }: ScopesDialogProps) {
  const [draft, setDraft] = useState(() => createScopesDraft(before));
  const [fault, setFault] = useState<string | null>(null);
  const change = useChange('changeKey');
  const toast = useToast();
  const scopes = readScopes(draft);
  const save = async () => {
    if (scopes === null) return;
    setFault(null);
    await change.mutateAsync({ params: { fingerprint }, body: { scopes } });
    toast.success('Scopes changed', 'They count for uploads from now on.');
  };
  const showAtField = ({ code, detail }: ApiError) => {
    if (code !== 'SCOPE_INVALID') return false;
    setFault(detail);
    return true;
  };
  return (
    <ConfirmDialog
      title="Scopes of the key"
      action="Save"
      hasReason={false}
      isReady={scopes !== null}
      onConfirm={save}
      onError={showAtField}
      onClose={onClose}
    >
      <p>Uploads outside of these scopes are refused. What is served already stays.</p>
      <ScopesEditor
        draft={draft}
        onChange={(next) => {
          setDraft(next);
          setFault(null);
        }}
        everything="It may sign for every repository of every registry."
        fault={fault}
      />
    </ConfirmDialog>
  );
}
