// Which kind, and what can be wished for in it. Most need no wish: the fields are folded away until somebody asks.
import { ActionGroup, Button, ExpandableSection, Form, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { Field, helpId } from '../../parts/field.tsx';
import type { Draft } from './draft.ts';
import { WishField } from './fields.tsx';
import { KINDS, type Kind } from './kinds.ts';

type WishesFormProps = {
  readonly kind: Kind;
  readonly onKind: (kind: string) => void;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly onSubmit: () => void;
  readonly isPending: boolean;
  /** Without wishes nothing was made. */
  readonly isNeeded: boolean;
};

export function WishesForm({ kind, onKind, draft, onChange, onSubmit, isPending, isNeeded }: WishesFormProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const { what, wishes, needs } = KINDS[kind];
  const isShown = isOpen || isNeeded || needs !== undefined;
  return (
    <Form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Field id={id} label="For" help={what}>
        <FormSelect id={id} value={kind} aria-describedby={helpId(id)} onChange={(_event, next) => onKind(next)}>
          {Object.entries(KINDS).map(([value, { label }]) => (
            <FormSelectOption key={value} value={value} label={label} />
          ))}
        </FormSelect>
      </Field>
      <ExpandableSection
        toggleText={isShown ? 'Wishes' : 'Wishes: mirrors, scopes and others'}
        isExpanded={isShown}
        onToggle={(_event, next) => setOpen(next)}
      >
        <div className="lks-config-fields">
          {wishes.map((wish) => (
            <WishField
              key={wish}
              kind={kind}
              wish={wish}
              isRequired={wish === needs}
              value={draft[wish] ?? ''}
              onChange={(value) => onChange({ ...draft, [wish]: value })}
            />
          ))}
        </div>
        <ActionGroup>
          <Button type="submit" variant="secondary" isLoading={isPending}>
            Make the files
          </Button>
        </ActionGroup>
      </ExpandableSection>
    </Form>
  );
}
