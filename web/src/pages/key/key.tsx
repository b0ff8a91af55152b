// One key: its state, its scopes, and what hangs on it.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function KeyPage() {
  return (
    <>
      <PageHeader title="Key" />
      <PageBody>{null}</PageBody>
    </>
  );
}
