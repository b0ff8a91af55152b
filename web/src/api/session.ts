// Who is signed in: asked for once, kept until signing out, and what that person may do.
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { ApiError } from './api-error.ts';
import { call } from './client.ts';
import type { Session } from './schema.ts';

export type Permission = Session['permissions'][number];

export const sessionQuery = queryOptions<Session>({
  queryKey: ['getSession'],
  queryFn: ({ signal }) => call('getSession', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** Null when nobody is signed in; throws when that cannot be found out. */
export async function findSession(client: QueryClient): Promise<Session | null> {
  try {
    return await client.ensureQueryData(sessionQuery);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** Within the shell, whose loader has made sure that there is one. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (data === undefined) throw new Error('used outside the pages of a signed-in user');
  return data;
}

export type Allowance = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

/** The server decides; this only saves people from a button that would be refused. */
export function usePermission(permission: Permission): Allowance {
  const { permissions, role } = useSession();
  if (permissions.includes(permission)) return { allowed: true };
  const who = role === null ? 'This session' : `Your role is ${role}, which`;
  return { allowed: false, why: `${who} may not do this: it needs the permission “${permission}”.` };
}

/** On the sign-in page: everything that was read belongs to a session that is over. */
export function useForgottenSession(): void {
  const client = useQueryClient();
  // On arrival and not on leaving, where the page that is still shown would lose its session.
  useEffect(() => client.clear(), [client]);
}
