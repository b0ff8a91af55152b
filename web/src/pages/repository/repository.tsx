// The images of one repository.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Repository() {
  return (
    <>
      <PageHeader title="Repository" />
      <PageBody>{null}</PageBody>
    </>
  );
}
