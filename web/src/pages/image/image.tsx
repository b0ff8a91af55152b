// The signatures of one image.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Image() {
  return (
    <>
      <PageHeader title="Image" />
      <PageBody>{null}</PageBody>
    </>
  );
}
