// The door: a name and a password.
import { Alert, Button, Card, CardBody, CardTitle, Form, FormGroup, TextInput, Title } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { sessionQuery, useForgottenSession } from '../../api/session.ts';
import { useChange } from '../../api/use-answer.ts';
import { Wordmark } from '../../shell/app-masthead.tsx';
import { parseReturn } from '../../shell/sign-in-path.ts';
import { SignInFailure } from './sign-in-failure.tsx';

export function SignIn() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const passwordField = useRef<HTMLInputElement>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const signIn = useChange('signIn');
  useForgottenSession();
  useEffect(() => nameField.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(
      { body: { username, password } },
      {
        onSuccess: (session) => {
          client.setQueryData(sessionQuery.queryKey, session);
          void navigate(parseReturn(search.get('return')), { replace: true });
        },
        onError: () => {
          setPassword('');
          passwordField.current?.focus();
        },
      },
    );
  };
  return (
    <main className="lks-sign-in">
      <title>Sign in · Lookaside</title>
      <Card className="lks-sign-in-card">
        <CardTitle>
          <Wordmark />
          <Title headingLevel="h1" size="xl">
            Sign in
          </Title>
        </CardTitle>
        <CardBody>
          <Form onSubmit={submit}>
            {signIn.error === null ? null : <SignInFailure error={signIn.error} />}
            {signIn.isError ? null : <WhyHere search={search} />}
            <FormGroup label="User name" isRequired fieldId="username">
              <TextInput
                id="username"
                ref={nameField}
                isRequired
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                value={username}
                onChange={(_event, value) => setUsername(value)}
              />
            </FormGroup>
            <FormGroup label="Password" isRequired fieldId="password">
              <TextInput
                id="password"
                ref={passwordField}
                type="password"
                isRequired
                autoComplete="current-password"
                value={password}
                onChange={(_event, value) => setPassword(value)}
              />
            </FormGroup>
            <Button type="submit" isBlock isLoading={signIn.isPending} isDisabled={signIn.isPending}>
              Sign in
            </Button>
          </Form>
        </CardBody>
      </Card>
    </main>
  );
}

/** Nothing to somebody who has come by themselves. */
function WhyHere({ search }: { search: URLSearchParams }) {
  if (search.has('changed'))
    return (
      <Alert variant="success" isInline component="p" title="The password was changed. Sign in with the new one." />
    );
  if (!search.has('ended')) return null;
  return (
    <Alert variant="info" isInline component="p" title="Your session has ended.">
      Sign in to go on where you were.
    </Alert>
  );
}
