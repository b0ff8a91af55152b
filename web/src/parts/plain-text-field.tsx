// A line of text that is meant to the letter: an address, a name to sign in with.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';
import { useId } from 'react';
import { UserText } from './user-text.tsx';

type PlainTextFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly example?: string;
  readonly help: string;
  readonly fault: string | undefined;
  /** Shown, and not to be changed. */
  readonly isFixed?: boolean;
};

export function PlainTextField(props: PlainTextFieldProps) {
  const { label, value, onChange, example, help, fault, isFixed = false } = props;
  const id = useId();
  return (
    <FormGroup label={label} isRequired={!isFixed} fieldId={id}>
      <TextInput
        id={id}
        value={value}
        isRequired={!isFixed}
        {...(isFixed ? { readOnlyVariant: 'default' as const } : {})}
        {...(example === undefined ? {} : { placeholder: example })}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        validated={fault === undefined ? 'default' : 'error'}
        aria-describedby={`${id}-help`}
        onChange={(_event, next) => onChange(next)}
      />
      <FormHelperText>
        <HelperText id={`${id}-help`} isLiveRegion>
          <HelperTextItem variant={fault === undefined ? 'default' : 'error'}>
            <UserText>{fault ?? help}</UserText>
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
