// A password for somebody else, typed twice.
import { useId } from 'react';
import { PasswordField } from '../../parts/password-field.tsx';

export type PasswordDraft = { readonly password: string; readonly again: string };

export const NO_PASSWORD: PasswordDraft = { password: '', again: '' };

export const isTwice = ({ password, again }: PasswordDraft) => password !== '' && password === again;

const SHORTEST = 8; // LIMITS of the server

type NewPasswordProps = {
  readonly draft: PasswordDraft;
  readonly onChange: (draft: PasswordDraft) => void;
  readonly fault: string | undefined;
};

export function NewPassword({ draft, onChange, fault }: NewPasswordProps) {
  const id = useId();
  const { password, again } = draft;
  const isDifferent = again !== '' && !password.startsWith(again) && again !== password;
  return (
    <>
      <PasswordField
        id={`${id}-password`}
        label="Password"
        value={password}
        onChange={(next) => onChange({ password: next, again })}
        help={`At least ${SHORTEST} characters.`}
        fault={fault}
      />
      <PasswordField
        id={`${id}-again`}
        label="Password again"
        value={again}
        onChange={(next) => onChange({ password, again: next })}
        fault={isDifferent ? 'The two are different.' : undefined}
      />
    </>
  );
}
