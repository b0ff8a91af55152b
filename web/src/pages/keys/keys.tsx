// The keys whose signatures are accepted.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Keys() {
  return (
    <>
      <PageHeader title="Keys" />
      <PageBody>{null}</PageBody>
    </>
  );
}
