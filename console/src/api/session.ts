import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Role, SessionAnswer, SessionState } from '../../../src/server/console-api/console-types.ts';
import { rememberCsrfToken, request } from './request.ts';

const path = '/session';

export const sessionKey = ['session'] as const;

/** Who is signed in, and how one can. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    const state = await request<SessionState>(path, { signal });
    rememberCsrfToken(state.session?.csrfToken ?? '');
    return state;
  },
});

/** @throws ApiError with status 401 for a wrong name or password */
export async function signIn(credentials: { name: string; password: string }): Promise<SessionAnswer> {
  const session = await request<SessionAnswer>(path, { method: 'POST', body: credentials });
  rememberCsrfToken(session.csrfToken);
  return session;
}

export async function signOut(): Promise<void> {
  await request(path, { method: 'DELETE' });
  rememberCsrfToken('');
}

const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Whether who is signed in has at least this role. The server decides again. */
export function useMay(role: Role): boolean {
  const { data } = useQuery(sessionQuery);
  return data?.session ? ranks[data.session.role] >= ranks[role] : false;
}
