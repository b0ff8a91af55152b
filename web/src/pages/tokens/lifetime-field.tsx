// How long a token works.
import { Alert, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useNow } from '../../parts/clock.tsx';
import { HelpBelow, helpId } from '../../parts/field.tsx';
import { formatUtc } from '../../parts/time.tsx';
import { type Lifetime, readDays, type TokenDraft } from './token-draft.ts';

const DAY_MS = 86_400_000;

const CHOICES: readonly { readonly value: Lifetime; readonly label: string }[] = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '365 days' },
  { value: 'custom', label: 'Other number of days' },
  { value: 'never', label: 'Never' },
];

type LifetimeFieldProps = {
  readonly draft: TokenDraft;
  readonly onChange: (draft: TokenDraft) => void;
  readonly fault: string | undefined;
};

export function LifetimeField({ draft, onChange, fault }: LifetimeFieldProps) {
  const now = useNow();
  const days = readDays(draft);
  const choose = (value: string) => {
    const lifetime = CHOICES.find((choice) => choice.value === value)?.value;
    if (lifetime !== undefined) onChange({ ...draft, lifetime });
  };
  return (
    <FormGroup label="Expires" fieldId="lifetime" isStack>
      <FormSelect id="lifetime" value={draft.lifetime} onChange={(_event, value) => choose(value)}>
        {CHOICES.map(({ value, label }) => (
          <FormSelectOption key={value} value={value} label={label} />
        ))}
      </FormSelect>
      {draft.lifetime === 'custom' ? (
        <TextInput
          type="number"
          min={1}
          aria-label="Days"
          placeholder="Days"
          value={draft.customDays}
          validated={fault === undefined ? 'default' : 'error'}
          aria-describedby={helpId('lifetime')}
          onChange={(_event, customDays) => onChange({ ...draft, customDays })}
        />
      ) : null}
      {draft.lifetime === 'never' ? (
        <Alert
          variant="warning"
          isInline
          isLiveRegion
          component="p"
          title="It works until somebody revokes it, also when it has leaked and nobody knows."
        />
      ) : (
        <HelpBelow
          id="lifetime"
          help={typeof days === 'number' ? `On ${formatUtc(now + days * DAY_MS)}.` : 'How many days?'}
          fault={fault}
        />
      )}
    </FormGroup>
  );
}
