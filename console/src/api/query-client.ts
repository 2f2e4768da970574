import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import type { SessionState } from '../../../src/server/console-api/console-types.ts';
import { ApiError } from './api-error.ts';
import { sessionKey } from './session.ts';

/** An answer that would be the same again is not asked for again. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

/** A session that ended on the way sends the frame back to the sign-in page. */
function onFailure(error: unknown): void {
  if (error instanceof ApiError && error.status === 401 && error.code === 'server.not-signed-in') {
    queryClient.setQueryData<SessionState>(sessionKey, (state) => state && { ...state, session: null });
  }
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: onFailure }),
  mutationCache: new MutationCache({ onError: onFailure }),
  defaultOptions: {
    queries: { retry: isWorthRetrying, staleTime: 5_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
