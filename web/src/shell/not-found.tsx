// An address that leads nowhere.
import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import { Link } from 'react-router';
import { PageBody } from '../parts/page-body.tsx';
import { PageHeader } from '../parts/page-header.tsx';

export function NotFound() {
  return (
    <>
      <PageHeader title="Page not found" />
      <PageBody>
        <EmptyState headingLevel="h2" titleText="There is no such page">
          <EmptyStateBody>The address may be mistyped, or the link may be of another version.</EmptyStateBody>
          <EmptyStateFooter>
            <EmptyStateActions>
              <Link to="/">To the overview</Link>
            </EmptyStateActions>
          </EmptyStateFooter>
        </EmptyState>
      </PageBody>
    </>
  );
}
