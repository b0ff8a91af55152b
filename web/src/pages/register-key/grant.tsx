// The name and the scopes that new keys get; what is registered keeps its own.
import { Alert, Form } from '@patternfly/react-core';
import { NameField } from '../../parts/name-field.tsx';
import type { ScopesDraft } from '../../parts/scopes-draft.ts';
import { ScopesEditor } from '../../parts/scopes-editor.tsx';
import { UserText } from '../../parts/user-text.tsx';
import type { Plan } from './plan.ts';

export type Choices = { readonly name: string; readonly scopes: ScopesDraft };

type GrantProps = {
  readonly plan: Plan;
  /** What a key without a name is called. */
  readonly suggestedName: string | null;
  readonly choices: Choices;
  readonly onChange: (choices: Choices) => void;
  readonly scopeFault: string | null;
};

export function Grant({ plan, suggestedName, choices, onChange, scopeFault }: GrantProps) {
  if (!plan.hasScopes) return <p>Name and scopes of what is registered stay as they are.</p>;
  return (
    <Form isWidthLimited onSubmit={(event) => event.preventDefault()}>
      {plan.hasName ? (
        <NameField
          value={choices.name}
          onChange={(name) => onChange({ ...choices, name })}
          help={
            <>
              For people.{' '}
              {suggestedName === null ? null : (
                <>
                  Without one it is called <UserText>{suggestedName}</UserText>.
                </>
              )}
            </>
          }
        />
      ) : null}
      {plan.replacesScopes ? (
        <Alert
          variant="warning"
          isInline
          component="p"
          title="These scopes are given to all keys of the file, also to those that are registered already."
        />
      ) : null}
      <ScopesEditor
        draft={choices.scopes}
        onChange={(scopes) => onChange({ ...choices, scopes })}
        everything="It may sign for every repository of every registry."
        fault={scopeFault}
      />
    </Form>
  );
}
