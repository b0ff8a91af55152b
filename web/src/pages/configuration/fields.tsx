// One field for each wish.
import { Checkbox, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useId } from 'react';
import { Field, helpId } from '../../parts/field.tsx';
import { PlainTextArea, PlainTextField } from '../../parts/plain-text-field.tsx';
import type { Kind, Wish } from './kinds.ts';
import { AS_USUAL, type Choice, FIELDS, type Words } from './wish-words.ts';

type WishFieldProps = {
  readonly kind: Kind;
  readonly wish: Wish;
  readonly isRequired: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

export function WishField({ kind, wish, ...input }: WishFieldProps) {
  const { label, help, ...field } = FIELDS[wish];
  const words = help === undefined ? { label } : { label, help };
  switch (field.as) {
    case 'check':
      return <Check label={label} {...input} />;
    case 'choice':
      return <Choose {...words} {...input} choices={field.choices} usual={AS_USUAL[kind] ?? 'within the policy'} />;
    case 'secret':
      return <Secret {...words} {...input} />;
    case 'lines':
      return <PlainTextArea {...words} {...input} rows={2} />;
    case 'text':
      return <PlainTextField {...words} {...input} />;
  }
}

type InputProps = Words & Pick<WishFieldProps, 'isRequired' | 'value' | 'onChange'>;

function Check({ label, value, onChange }: InputProps) {
  return (
    <Checkbox
      id={useId()}
      label={label}
      isChecked={value !== ''}
      onChange={(_event, isChecked) => onChange(isChecked ? 'yes' : '')}
    />
  );
}

type ChooseProps = InputProps & {
  readonly choices: readonly Choice[];
  /** What the choice “as usual” is here. */
  readonly usual: string;
};

function Choose({ value, onChange, choices, usual, ...words }: ChooseProps) {
  const id = useId();
  return (
    <Field id={id} {...words}>
      <FormSelect id={id} value={value} onChange={(_event, next) => onChange(next)}>
        {choices.map((choice) => (
          <FormSelectOption
            key={choice.value}
            value={choice.value}
            label={choice.label === 'as usual' ? usual : choice.label}
          />
        ))}
      </FormSelect>
    </Field>
  );
}

function Secret({ value, onChange, ...words }: InputProps) {
  const id = useId();
  return (
    <Field id={id} {...words}>
      <TextInput
        id={id}
        type="password"
        autoComplete="off"
        value={value}
        aria-describedby={helpId(id)}
        onChange={(_event, next) => onChange(next)}
      />
    </Field>
  );
}
