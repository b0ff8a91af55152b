// Why the door stayed shut. A wrong name and a wrong password look the same, so that names cannot be found out.
import { Alert } from '@patternfly/react-core';
import type { ApiError } from '../../api/api-error.ts';
import { count } from '../../parts/count.ts';

function describe({ code, detail, retryAfterSeconds }: ApiError): { title: string; text?: string } {
  if (code === 'CREDENTIALS_INVALID') return { title: 'The user name or the password is wrong.' };
  if (code !== 'SIGN_IN_SLOWED') return { title: 'Signing in did not work.', text: detail };
  const wait = retryAfterSeconds === null ? 'in a while' : `in ${count(retryAfterSeconds, 'second')}`;
  return { title: `Too many attempts. Try again ${wait}.` };
}

export function SignInFailure({ error }: { error: ApiError }) {
  const { title, text } = describe(error);
  return (
    <Alert variant="danger" isInline isLiveRegion component="p" title={title}>
      {text}
    </Alert>
  );
}
