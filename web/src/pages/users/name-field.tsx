// The name that somebody signs in with.
import { PlainTextField } from '../../parts/plain-text-field.tsx';

type NameFieldProps = {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly fault: string | undefined;
};

const HELP = 'Lower-case letters, digits and . _ - @, such as jane or jane@example.com.';

export function NameField(props: NameFieldProps) {
  return <PlainTextField label="Name" help={HELP} isRequired {...props} />;
}
