// A password that is new, typed twice.
import { useId } from 'react';
import { PasswordField } from './password-field.tsx';

export type PasswordDraft = { readonly password: string; readonly again: string };

export const NO_PASSWORD: PasswordDraft = { password: '', again: '' };

export const isTwice = ({ password, again }: PasswordDraft) => password !== '' && password === again;

const SHORTEST = 8; // LIMITS of the server

type NewPasswordProps = {
  readonly label?: string;
  readonly draft: PasswordDraft;
  readonly onChange: (draft: PasswordDraft) => void;
  readonly fault: string | undefined;
};

export function NewPassword({ label = 'Password', draft, onChange, fault }: NewPasswordProps) {
  const id = useId();
  const { password, again } = draft;
  const isDifferent = again !== '' && !password.startsWith(again);
  return (
    <>
      <PasswordField
        id={`${id}-password`}
        label={label}
        value={password}
        onChange={(next) => onChange({ password: next, again })}
        help={`At least ${SHORTEST} characters. A sentence is easy to remember.`}
        fault={fault}
      />
      <PasswordField
        id={`${id}-again`}
        label={`${label} again`}
        value={again}
        onChange={(next) => onChange({ password, again: next })}
        fault={isDifferent ? 'The two are different.' : undefined}
      />
    </>
  );
}
