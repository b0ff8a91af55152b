// What stands where content is missing: not yet loaded, failed, or nothing there.
import {
  Bullseye,
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Spinner,
} from '@patternfly/react-core';
import type { ComponentType, ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { UserText } from './user-text.tsx';

export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <Bullseye className="lks-loading">
      <Spinner aria-label={what} />
    </Bullseye>
  );
}

type ErrorStateProps = { readonly error: Error; readonly title?: string; readonly onRetry?: () => void };

/** A refusal names its code, which docs/errors.md explains; only a fault is worth another try. */
export function ErrorState({ error, title = 'This could not be loaded', onRetry }: ErrorStateProps) {
  const code = error instanceof ApiError ? error.code : null;
  const isRefusal = error instanceof ApiError && !error.isFault;
  return (
    <EmptyState status="danger" variant="sm" headingLevel="h2" titleText={title}>
      <EmptyStateBody>
        <UserText>{error instanceof ApiError ? error.detail : error.message}</UserText>
        {code === null ? null : <code className="lks-error-code">{code}</code>}
      </EmptyStateBody>
      {onRetry === undefined || isRefusal ? null : (
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button variant="secondary" onClick={onRetry}>
              Try again
            </Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}

type NothingHereProps = {
  readonly title: string;
  /** What to do first, or why there is nothing. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly icon?: ComponentType;
};

export function NothingHere({ title, children, actions, icon }: NothingHereProps) {
  return (
    <EmptyState variant="sm" headingLevel="h2" titleText={title} {...(icon === undefined ? {} : { icon })}>
      {children === undefined ? null : <EmptyStateBody>{children}</EmptyStateBody>}
      {actions === undefined ? null : (
        <EmptyStateFooter>
          <EmptyStateActions>{actions}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}
