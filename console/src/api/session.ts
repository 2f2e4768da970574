import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Role, SessionAnswer, SignInWays } from '../../../src/server/console-api/console-types.ts';
import { ApiError } from './api-error.ts';
import { rememberCsrfToken, request } from './request.ts';

export const sessionKey = ['session'] as const;

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions<SessionAnswer | null>({
  queryKey: sessionKey,
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    try {
      return kept(await request<SessionAnswer>('/session', { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

export const signInWaysQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: ({ signal }) => request<SignInWays>('/sign-in', { signal }),
});

export async function signIn(credentials: { username: string; password: string }): Promise<SessionAnswer> {
  return kept(await request<SessionAnswer>('/session', { method: 'POST', body: credentials }));
}

export async function signOut(): Promise<void> {
  await request('/session', { method: 'DELETE' });
}

const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Whether who is signed in has at least this role. The server decides again. */
export function useMay(role: Role): boolean {
  const { data } = useQuery(sessionQuery);
  return data ? ranks[data.user.role] >= ranks[role] : false;
}

function kept(session: SessionAnswer): SessionAnswer {
  rememberCsrfToken(session.csrfToken);
  return session;
}
