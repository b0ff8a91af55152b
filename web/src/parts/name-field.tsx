// The name of a key or a token: for people only.
import { TextInput } from '@patternfly/react-core';
import { type ReactNode, useId } from 'react';
import { Field, helpId } from './field.tsx';

export const MAX_NAME = 200; // LIMITS of the server

type NameFieldProps = {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly help: ReactNode;
  readonly isRequired?: boolean;
  readonly fault?: string | null;
};

export function NameField({ value, onChange, help, isRequired = false, fault = null }: NameFieldProps) {
  const id = useId();
  const tooLong = value.length > MAX_NAME ? `${value.length - MAX_NAME} characters too long.` : null;
  const wrong = tooLong ?? fault;
  return (
    <Field id={id} label="Name" isRequired={isRequired} help={help} fault={wrong}>
      <TextInput
        id={id}
        value={value}
        autoComplete="off"
        isRequired={isRequired}
        validated={wrong === null ? 'default' : 'error'}
        aria-describedby={helpId(id)}
        onChange={(_event, name) => onChange(name)}
      />
    </Field>
  );
}
