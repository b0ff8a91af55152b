// A dry run of the intake: the verdict, step by step, and nothing stored.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Check() {
  return (
    <>
      <PageHeader title="Check a signature" />
      <PageBody>{null}</PageBody>
    </>
  );
}
