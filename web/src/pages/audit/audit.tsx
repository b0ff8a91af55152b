// Everything that was changed, by whom.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Audit() {
  return (
    <>
      <PageHeader title="Audit log" />
      <PageBody>{null}</PageBody>
    </>
  );
}
