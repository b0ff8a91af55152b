// Which repositories a key or a token is for: everything, or a list of scopes, with the grammar beside it.
import { Button, FormGroup, HelperText, HelperTextItem, Radio } from '@patternfly/react-core';
import { PlusCircleIcon } from '@patternfly/react-icons';
import { useId } from 'react';
import { ScopeField } from './scope-field.tsx';
import { readScopes, type ScopesDraft } from './scopes-draft.ts';
import { useRows } from './use-rows.ts';
import { UserText } from './user-text.tsx';
import './scopes-editor.css';

type ScopesEditorProps = {
  readonly draft: ScopesDraft;
  readonly onChange: (draft: ScopesDraft) => void;
  /** What everything means for this one: “It may sign for every repository.” */
  readonly everything: string;
  /** What the server, or the form, has against it. */
  readonly fault?: string | null;
};

export function ScopesEditor({ draft, onChange, everything, fault = null }: ScopesEditorProps) {
  const id = useId();
  const { isEverything, rows } = draft;
  const { box, add, remove, change } = useRows(rows, (next) => onChange({ ...draft, rows: next }), {
    newRow: (row) => ({ id: row, text: '' }),
  });
  const isMissing = readScopes(draft) === null; // else the server quotes the scope that it refuses
  return (
    <FormGroup label="Scopes" role="radiogroup" isStack isRequired fieldId={id}>
      <Radio
        id={`${id}-everything`}
        name={id}
        label="Everything"
        description={everything}
        isChecked={isEverything}
        onChange={() => onChange({ ...draft, isEverything: true })}
      />
      <Radio
        id={`${id}-some`}
        name={id}
        label="Only these"
        isChecked={!isEverything}
        onChange={() => onChange({ ...draft, isEverything: false })}
      />
      {isEverything ? null : (
        <div className="lks-scopes" ref={box}>
          {rows.map((row, index) => (
            <ScopeField
              key={row.id}
              number={index + 1}
              value={row.text}
              isFaulty={fault !== null && (isMissing || fault.includes(JSON.stringify(row.text.trim())))}
              onChange={(text) => change({ ...row, text })}
              onRemove={rows.length === 1 ? undefined : () => remove(index)}
            />
          ))}
          <div>
            <Button variant="link" isInline icon={<PlusCircleIcon />} onClick={add}>
              Add a scope
            </Button>
          </div>
          {fault === null ? null : <Fault>{fault}</Fault>}
          <Grammar />
        </div>
      )}
      {isEverything && fault !== null ? <Fault>{fault}</Fault> : null}
    </FormGroup>
  );
}

function Fault({ children }: { children: string }) {
  return (
    <HelperText isLiveRegion>
      <HelperTextItem variant="error">
        <UserText>{children}</UserText>
      </HelperTextItem>
    </HelperText>
  );
}

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['quay.io', 'a whole registry'],
  ['quay.io/acme', 'everything below a namespace, but not quay.io/acme-test'],
  ['quay.io/acme/app', 'one repository, and what is below it'],
  ['*.example.com', 'all registries below a domain'],
];

function Grammar() {
  return (
    <dl className="lks-scope-examples" aria-label="Examples of scopes">
      {EXAMPLES.map(([scope, meaning]) => (
        <div key={scope}>
          <dt>
            <code>{scope}</code>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
