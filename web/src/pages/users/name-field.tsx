// The name that somebody signs in with.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';
import { useId } from 'react';
import { UserText } from '../../parts/user-text.tsx';

type NameFieldProps = {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly fault: string | undefined;
};

const HELP = 'Lower-case letters, digits and . _ - @, such as jane or jane@example.com.';

export function NameField({ value, onChange, fault }: NameFieldProps) {
  const id = useId();
  return (
    <FormGroup label="Name" isRequired fieldId={id}>
      <TextInput
        id={id}
        value={value}
        isRequired
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
            <UserText>{fault ?? HELP}</UserText>
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
