// How answers are kept: when they are asked for again, and what happens when the session has ended.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

const FRESH_MS = 10_000; // going back and forth does not ask again
const RETRIES = 2;

const isUnauthorized = (error: Error): error is ApiError => error instanceof ApiError && error.status === 401;

/** Where a 401 is about a password that somebody has just typed, or an ID token that they pasted. */
function isAboutInput({ code }: ApiError, operation: unknown): boolean {
  if (operation === 'changeOwnPassword') return code === 'CREDENTIALS_INVALID';
  return operation === 'signIn' || code === 'ID_TOKEN_INVALID';
}

export function createQueryClient(onSessionEnded: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError(error, { queryKey: [operation] }) {
        // Whether there is a session at the start is the router's question.
        if (operation !== 'getSession' && isUnauthorized(error)) onSessionEnded();
      },
    }),
    mutationCache: new MutationCache({
      onError(error, _input, _result, { options: { mutationKey: [operation] = [] } }) {
        if (isUnauthorized(error) && !isAboutInput(error, operation)) onSessionEnded();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => failures < RETRIES && error instanceof ApiError && error.isFault,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      // A change is never repeated by itself: the first attempt may have arrived. It is forgotten with the page that
      // made it: passwords are sent, and the secret of a token is answered.
      mutations: { retry: false, gcTime: 0 },
    },
  });
}
