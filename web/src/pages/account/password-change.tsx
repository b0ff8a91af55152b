// The own password. Changing it ends all sessions of that person, this one too.
import { Button, Form } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ApiError } from '../../api/api-error.ts';
import { useSession } from '../../api/session.ts';
import { useChange } from '../../api/use-answer.ts';
import { ErrorAlert } from '../../parts/error-alert.tsx';
import { isTwice, NewPassword, NO_PASSWORD } from '../../parts/new-password.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { SectionCard } from '../../parts/section-card.tsx';
import { CHANGED_PATH } from '../../shell/sign-in-path.ts';

export function PasswordChange() {
  const { actor } = useSession();
  const [current, setCurrent] = useState('');
  const [draft, setDraft] = useState(NO_PASSWORD);
  const change = useChange('changeOwnPassword');
  const navigate = useNavigate();
  const isReady = current !== '' && isTwice(draft) && !change.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    change.mutate({ body: { current, password: draft.password } }, { onSuccess: () => void navigate(CHANGED_PATH) });
  };
  const { error } = change;
  return (
    <SectionCard title="Change password">
      <Form isWidthLimited onSubmit={submit}>
        <p>You are signed out everywhere when it is changed, and sign in again with the new one.</p>
        {error === null || faultOf(error) !== null ? null : (
          <ErrorAlert title="The password was not changed." error={error} />
        )}
        {/* Lets password managers know whose password it is. */}
        <input type="text" autoComplete="username" value={actor.name} readOnly hidden />
        <PasswordField
          id="current"
          label="Current password"
          value={current}
          onChange={setCurrent}
          isCurrent
          fault={faultOf(error) === 'current' ? 'The current password is wrong.' : undefined}
        />
        <NewPassword
          label="New password"
          draft={draft}
          onChange={setDraft}
          fault={faultOf(error) === 'new' ? error?.detail : undefined}
        />
        <div>
          <Button type="submit" isAriaDisabled={!isReady} isLoading={change.isPending}>
            Change password
          </Button>
        </div>
      </Form>
    </SectionCard>
  );
}

/** The field that an error is about, null when it is about none. */
function faultOf(error: ApiError | null): 'current' | 'new' | null {
  if (error?.code === 'CREDENTIALS_INVALID') return 'current';
  return error?.code === 'PASSWORD_WEAK' ? 'new' : null;
}
