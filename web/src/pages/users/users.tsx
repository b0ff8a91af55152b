// The people who may sign in.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Users() {
  return (
    <>
      <PageHeader title="Users" />
      <PageBody>{null}</PageBody>
    </>
  );
}
