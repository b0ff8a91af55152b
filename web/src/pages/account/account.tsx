// The own password. Changing it ends all sessions of that person, this one too.
import { Alert, Button, Card, CardBody, Form } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ApiError } from '../../api/api-error.ts';
import { useSession } from '../../api/session.ts';
import { useChange } from '../../api/use-answer.ts';
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { CHANGED_PATH } from '../../shell/sign-in-path.ts';
import { PasswordField } from './password-field.tsx';

export function Account() {
  const { actor } = useSession();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const change = useChange('changeOwnPassword');
  const navigate = useNavigate();
  const isDifferent = again !== '' && again !== password;
  const isReady = current !== '' && password !== '' && again === password && !change.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    change.mutate({ body: { current, password } }, { onSuccess: () => void navigate(CHANGED_PATH) });
  };
  return (
    <>
      <PageHeader
        title="Change password"
        description="You are signed out everywhere when it is changed, and sign in again with the new one."
      />
      <PageBody>
        <Card>
          <CardBody>
            <Form isWidthLimited onSubmit={submit}>
              {change.error === null ? null : <Failure error={change.error} />}
              {/* Lets password managers know whose password it is. */}
              <input type="text" autoComplete="username" value={actor.name} readOnly hidden />
              <PasswordField id="current" label="Current password" value={current} onChange={setCurrent} isCurrent />
              <PasswordField id="password" label="New password" value={password} onChange={setPassword} />
              <PasswordField
                id="again"
                label="New password again"
                value={again}
                onChange={setAgain}
                {...(isDifferent ? { fault: 'The two are different.' } : {})}
              />
              <div>
                <Button type="submit" isAriaDisabled={!isReady} isLoading={change.isPending}>
                  Change password
                </Button>
              </div>
            </Form>
          </CardBody>
        </Card>
      </PageBody>
    </>
  );
}

function Failure({ error: { code, detail } }: { error: ApiError }) {
  const title = code === 'CREDENTIALS_INVALID' ? 'The current password is wrong.' : 'The password was not changed.';
  return (
    <Alert variant="danger" isInline isLiveRegion component="p" title={title}>
      {code === 'CREDENTIALS_INVALID' ? null : <UserText>{detail}</UserText>}
    </Alert>
  );
}
