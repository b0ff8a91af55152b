// One signature: who, when, what it says, and whether readers accept it.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Signature() {
  return (
    <>
      <PageHeader title="Signature" />
      <PageBody>{null}</PageBody>
    </>
  );
}
