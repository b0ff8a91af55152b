// The state of the store at a glance.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Overview() {
  return (
    <>
      <PageHeader title="Overview" />
      <PageBody>{null}</PageBody>
    </>
  );
}
