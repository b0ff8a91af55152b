// One password: what is typed is hidden, and password managers are told which one it is.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';

type PasswordFieldProps = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isCurrent?: boolean;
  readonly fault?: string;
};

export function PasswordField({ id, label, value, onChange, isCurrent = false, fault }: PasswordFieldProps) {
  return (
    <FormGroup label={label} isRequired fieldId={id}>
      <TextInput
        id={id}
        type="password"
        isRequired
        autoComplete={isCurrent ? 'current-password' : 'new-password'}
        validated={fault === undefined ? 'default' : 'error'}
        value={value}
        onChange={(_event, next) => onChange(next)}
        {...(fault === undefined ? {} : { 'aria-describedby': `${id}-fault` })}
      />
      {fault === undefined ? null : (
        <FormHelperText>
          <HelperText id={`${id}-fault`} isLiveRegion>
            <HelperTextItem variant="error">{fault}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
