// One password: what is typed is hidden, and password managers are told which one it is.
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from '@patternfly/react-core';

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
  const words = fault ?? help;
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
        {...(words === undefined ? {} : { 'aria-describedby': `${id}-help` })}
      />
      {words === undefined ? null : (
        <FormHelperText>
          <HelperText id={`${id}-help`} isLiveRegion>
            <HelperTextItem variant={fault === undefined ? 'default' : 'error'}>{words}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
