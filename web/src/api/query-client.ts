// How answers are kept: when they are asked for again, and what happens when the session has ended.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

const FRESH_MS = 10_000; // going back and forth does not ask again
const RETRIES = 2;

/** No answer, or the server's own fault: these pass. A refusal stays a refusal. */
function passes(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

export function createQueryClient(onSessionEnded: () => void): QueryClient {
  // Signing in has a 401 of its own, which is a wrong password.
  const watch = (error: Error) => {
    if (error instanceof ApiError && error.status === 401 && error.code !== 'CREDENTIALS_INVALID') onSessionEnded();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => query.queryKey[0] !== 'getSession' && watch(error) }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => failures < RETRIES && passes(error),
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      // A change is never repeated by itself: the first attempt may have arrived.
      mutations: { retry: false },
    },
  });
}
