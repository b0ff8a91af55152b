// The name of a key or a token: for people only.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';
import { type ReactNode, useId } from 'react';

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
    <FormGroup label="Name" fieldId={id} isRequired={isRequired}>
      <TextInput
        id={id}
        value={value}
        autoComplete="off"
        isRequired={isRequired}
        validated={wrong === null ? 'default' : 'error'}
        aria-describedby={`${id}-help`}
        onChange={(_event, name) => onChange(name)}
      />
      <FormHelperText>
        <HelperText id={`${id}-help`} isLiveRegion={wrong !== null}>
          <HelperTextItem variant={wrong === null ? 'default' : 'error'}>{wrong ?? help}</HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
