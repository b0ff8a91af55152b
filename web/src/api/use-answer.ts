// Hooks of the pages: `useAnswer` reads, `useChange` changes and makes what was read before be read again.
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { ApiError } from './api-error.ts';
import { type Answer, type Arguments, call, type Input } from './client.ts';
import type { OperationId } from './schema.ts';

export type AnswerOptions<Id extends OperationId> = {
  /** False while there is nothing to ask for yet. */
  readonly enabled?: boolean;
  /** For lists and searches: show the rows of before until the next ones are here. */
  readonly keep?: boolean;
  /** When to ask again by itself, given what was answered last; false: not. */
  readonly again?: (answer: Answer<Id>) => number | false;
};

/**
 * The first part of the key is the operation, so that a change can make all answers of one operation stale. A POST that
 * only asks has its question in the body.
 */
export function answerKey<Id extends OperationId>(id: Id, input: Input<Id> | undefined): readonly unknown[] {
  const asked = [id, input?.params ?? {}, input?.query ?? {}];
  return input?.body === undefined ? asked : [...asked, input.body];
}

export function useAnswer<Id extends OperationId>(
  id: Id,
  input?: Input<Id>,
  { enabled = true, keep = false, again }: AnswerOptions<Id> = {},
): UseQueryResult<Answer<Id>, ApiError> {
  return useQuery<Answer<Id>, ApiError>({
    queryKey: answerKey(id, input),
    queryFn: ({ signal }) => call(id, ...([{ ...input, signal }] as unknown as Arguments<Id>)),
    enabled,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
    ...(again === undefined
      ? {}
      : { refetchInterval: ({ state: { data } }) => (data === undefined ? false : again(data)) }),
  });
}

/** POST and PUT though they are, nothing that was read is different after them; or the session is over. */
const CHANGES_NOTHING: ReadonlySet<OperationId> = new Set([
  'signIn',
  'signOut',
  'changeOwnPassword',
  'verifySignatures',
  'judgeImage',
  'previewKeys',
  'testPublishers',
  'exchangeIdToken',
]);

/** After a change everything is stale but the session; only what is on the screen is asked for again. */
export function useChange<Id extends OperationId>(id: Id): UseMutationResult<Answer<Id>, ApiError, Input<Id>> {
  const client = useQueryClient();
  return useMutation<Answer<Id>, ApiError, Input<Id>>({
    mutationKey: [id],
    mutationFn: (input) => call(id, ...([input] as unknown as Arguments<Id>)),
    onSuccess: async () => {
      if (CHANGES_NOTHING.has(id)) return;
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'getSession' });
    },
  });
}
