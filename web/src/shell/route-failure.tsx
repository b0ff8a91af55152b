// What stands in the place of a page that broke: the frame around it stays usable.
import { Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import { ExclamationCircleIcon } from '@patternfly/react-icons';
import { isRouteErrorResponse, useRouteError } from 'react-router';
import { ApiError } from '../api/api-error.ts';
import { PageBody } from '../parts/page-body.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { NotFound } from './not-found.tsx';

/** Chunks have hashed names, so the ones of the version before are gone once a new one is installed. */
const STALE = /dynamically imported module|module script|preload CSS/i; // Chromium and Firefox, Safari, Vite

const isStale = (error: unknown) => error instanceof Error && STALE.test(error.message);

function describe(error: unknown): string {
  if (isStale(error)) return 'The server has probably been updated since this page was opened. Load it again.';
  if (error instanceof ApiError) return `${error.detail} (${error.code})`;
  return 'This is a fault of the page, not of the store: signatures are served as before.';
}

export function RouteFailure() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  return (
    <>
      <PageHeader title="Something went wrong" />
      <PageBody>
        <EmptyState
          status="danger"
          icon={ExclamationCircleIcon}
          headingLevel="h2"
          titleText="This page cannot be shown"
        >
          <EmptyStateBody>{describe(error)}</EmptyStateBody>
          <EmptyStateFooter>
            <EmptyStateActions>
              <Button onClick={() => location.reload()}>Load again</Button>
            </EmptyStateActions>
          </EmptyStateFooter>
        </EmptyState>
      </PageBody>
    </>
  );
}
