// The HTTP API, read from its own description.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function ApiReference() {
  return (
    <>
      <PageHeader title="API reference" />
      <PageBody>{null}</PageBody>
    </>
  );
}
