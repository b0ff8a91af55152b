// A pipeline that is to be trusted.
import { FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useChange } from '../../api/use-answer.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { NameField } from '../../parts/name-field.tsx';
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
      <FormGroup label="CI system" isRequired fieldId={`${id}-kind`}>
        <FormSelect
          id={`${id}-kind`}
          value={draft.kind}
          onChange={(_event, kind) => setDraft(withKind(draft, kind as Kind))}
        >
          {Object.entries(TEMPLATES).map(([kind, { title }]) => (
            <FormSelectOption key={kind} value={kind} label={title} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label="Issuer" isRequired fieldId={`${id}-issuer`}>
        <TextInput
          id={`${id}-issuer`}
          value={draft.issuer}
          isRequired
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="https://gitlab.corp.example"
          onChange={(_event, issuer) => setDraft({ ...draft, issuer })}
        />
      </FormGroup>
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
