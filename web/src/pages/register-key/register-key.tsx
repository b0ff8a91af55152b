// Registering a key, with a preview of what was read before anything is saved.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function RegisterKey() {
  return (
    <>
      <PageHeader title="Register a key" />
      <PageBody>{null}</PageBody>
    </>
  );
}
