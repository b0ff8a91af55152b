// What can be wished for in a kind.
import { ActionGroup, Button, Form } from '@patternfly/react-core';
import type { Draft } from './draft.ts';
import { WishField } from './fields.tsx';
import { KINDS, type Kind } from './kinds.ts';

type WishesFormProps = {
  readonly kind: Kind;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly onSubmit: () => void;
  readonly isPending: boolean;
};

export function WishesForm({ kind, draft, onChange, onSubmit, isPending }: WishesFormProps) {
  const { wishes, needs } = KINDS[kind];
  return (
    <Form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
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
    </Form>
  );
}
