// What was asked of the store: what is shown of the answer, and what stands in its place before and without it.
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { ErrorState, Loading } from './states.tsx';

type AnsweredProps<Answer> = {
  /** Of `useAnswer`. */
  readonly answer: Pick<UseQueryResult<Answer, ApiError>, 'data' | 'error' | 'refetch'>;
  /** What it is, for screen readers: “Loading the key”. */
  readonly what: string;
  /** A refusal that means something here: null where it is one like any other. */
  readonly refused?: (error: ApiError) => ReactNode;
  readonly children: (answer: Answer) => ReactNode;
};

/** An answer that is there stays when it cannot be had anew. */
export function Answered<Answer>({ answer, what, refused, children }: AnsweredProps<Answer>) {
  const { data, error, refetch } = answer;
  if (data !== undefined) return children(data);
  if (error === null) return <Loading what={what} />;
  return refused?.(error) ?? <ErrorState error={error} onRetry={() => void refetch()} />;
}
