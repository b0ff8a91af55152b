// One password: what is typed is hidden, and password managers are told which one it is.
import { TextInput } from '@patternfly/react-core';
import { Field, helpId } from './field.tsx';

type PasswordFieldProps = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isCurrent?: boolean;
  readonly help?: string | undefined;
  readonly fault?: string | undefined;
};

export function PasswordField(props: PasswordFieldProps) {
  const { id, label, value, onChange, isCurrent = false, help, fault } = props;
  return (
    <Field id={id} label={label} isRequired help={help} fault={fault}>
      <TextInput
        id={id}
        type="password"
        isRequired
        autoComplete={isCurrent ? 'current-password' : 'new-password'}
        validated={fault === undefined ? 'default' : 'error'}
        value={value}
        onChange={(_event, next) => onChange(next)}
        {...(help || fault ? { 'aria-describedby': helpId(id) } : {})}
      />
    </Field>
  );
}
