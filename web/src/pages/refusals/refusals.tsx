// What was refused, and why.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Refusals() {
  return (
    <>
      <PageHeader title="Refusals" />
      <PageBody>{null}</PageBody>
    </>
  );
}
