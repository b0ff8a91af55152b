// The secrets of machines.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Tokens() {
  return (
    <>
      <PageHeader title="Tokens" />
      <PageBody>{null}</PageBody>
    </>
  );
}
