// One box for everything that has a name.
import { PageBody } from '../../parts/page-body.tsx';
import { PageHeader } from '../../parts/page-header.tsx';

export function Search() {
  return (
    <>
      <PageHeader title="Search" />
      <PageBody>{null}</PageBody>
    </>
  );
}
