// A pipeline that is to be trusted.
import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { NameField } from '../../parts/name-field.tsx';
import { PlainTextField } from '../../parts/plain-text-field.tsx';
import { ScopesEditor } from '../../parts/scopes-editor.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { ClaimsField } from './claims-field.tsx';
import { KeysField } from './keys-field.tsx';
import { FIRST_DRAFT, isComplete, type Kind, TEMPLATES, toBody, withKind } from './publisher-draft.ts';

export function AddPublisher({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [draft, setDraft] = useState(FIRST_DRAFT);
  const add = useChange('addPublisher');
  const toast = useToast();
  const confirm = async () => {
    const { name } = await add.mutateAsync({ body: toBody(draft) });
    toast.success(`${name} is trusted`, 'Its jobs push with lookaside push --oidc.');
  };
  return (
    <ConfirmDialog
      title="Trust a pipeline"
      action="Trust it"
      isWide
      hasReason={false}
      isReady={isComplete(draft)}
      onConfirm={confirm}
      onClose={onClose}
    >
      <NameField
        value={draft.name}
        onChange={(name) => setDraft({ ...draft, name })}
        isRequired
        help="Shown wherever the pipeline did something, such as “acme/app releases”."
      />
      <Field id={id} label="CI system" isRequired>
        <FormSelect id={id} value={draft.kind} onChange={(_event, kind) => setDraft(withKind(draft, kind as Kind))}>
          {Object.entries(TEMPLATES).map(([kind, { title }]) => (
            <FormSelectOption key={kind} value={kind} label={title} />
          ))}
        </FormSelect>
      </Field>
      <PlainTextField
        label="Issuer"
        value={draft.issuer}
        onChange={(issuer) => setDraft({ ...draft, issuer })}
        example="https://gitlab.corp.example"
        isRequired
      />
      <ClaimsField kind={draft.kind} rows={draft.claims} onChange={(claims) => setDraft({ ...draft, claims })} />
      <ScopesEditor
        draft={draft.scopes}
        onChange={(scopes) => setDraft({ ...draft, scopes })}
        everything="It may publish for every repository of every registry."
      />
      <KeysField keys={draft.keys} onChange={(keys) => setDraft({ ...draft, keys })} />
    </ConfirmDialog>
  );
}
