// The own password.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Account() {
  return (
    <>
      <PageHeader title="Change password" />
      <PageBody>{null}</PageBody>
    </>
  );
}
