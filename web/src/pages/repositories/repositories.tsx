// All repositories that have signatures.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Repositories() {
  return (
    <>
      <PageHeader title="Repositories" />
      <PageBody>{null}</PageBody>
    </>
  );
}
