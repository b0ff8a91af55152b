// What a new token is for, may do, and how long it works.
import { Form } from '@patternfly/react-core';
import type { FormEvent } from 'react';
import { NameField } from '../../parts/name-field.tsx';
import { ScopesEditor } from '../../parts/scopes-editor.tsx';
import { LifetimeField } from './lifetime-field.tsx';
import { PermissionsField } from './permissions-field.tsx';
import type { TokenDraft, TokenFaults } from './token-draft.ts';

type TokenFormProps = {
  readonly id: string;
  readonly draft: TokenDraft;
  readonly onChange: (draft: TokenDraft) => void;
  readonly faults: TokenFaults;
  readonly onSubmit: (event: FormEvent<HTMLElement>) => void;
};

export function TokenForm({ id, draft, onChange, faults, onSubmit }: TokenFormProps) {
  return (
    <Form id={id} onSubmit={onSubmit} noValidate>
      <NameField
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
        isRequired
        help="What uses it, such as “acme pipeline”. It is shown wherever the token did something."
        fault={faults.name ?? null}
      />
      <PermissionsField
        permissions={draft.permissions}
        onChange={(permissions) => onChange({ ...draft, permissions })}
        fault={faults.permissions}
      />
      <ScopesEditor
        draft={draft.scopes}
        onChange={(scopes) => onChange({ ...draft, scopes })}
        everything="It counts for every repository of every registry."
        fault={faults.scopes ?? null}
      />
      <LifetimeField draft={draft} onChange={onChange} fault={faults.days} />
    </Form>
  );
}
