// Who is signed in, what they may do, and their password.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PasswordChange } from './password-change.tsx';
import { WhoAmI } from './who-am-i.tsx';

export function Account() {
  return (
    <>
      <PageHeader title="Your account" />
      <PageBody>
        <WhoAmI />
        <PasswordChange />
      </PageBody>
    </>
  );
}
