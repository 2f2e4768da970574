import { ProfileError } from '../../profiler/profile-error.ts';

/** Milliseconds. A timer of more would be one of none. */
export const longestTimer = 2 ** 31 - 1;

/**
 * Does some work within a time. What does not mind its signal is left behind, so that one table never holds up a run.
 *
 * @throws ProfileError `profile.out-of-time`; the signal's reason
 */
export async function withinTime<T>(
  limit: { readonly ms: number; readonly what: string; readonly key: string },
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(outOfTime(limit)), Math.min(limit.ms, longestTimer));
  const either = AbortSignal.any([signal, over.signal]);
  const ended = Promise.withResolvers<never>();
  const onAbort = (): void => ended.reject(either.reason);
  either.addEventListener('abort', onAbort, { once: true });
  try {
    const doing = work(either);
    doing.catch(() => undefined);
    return await Promise.race([doing, ended.promise]);
  } catch (error) {
    // What the work makes of being stopped is no reason of its own.
    throw either.aborted ? either.reason : error;
  } finally {
    clearTimeout(timer);
    either.removeEventListener('abort', onAbort);
  }
}

export function outOfTime({ ms, what, key }: { ms: number; what: string; key: string }): ProfileError {
  return new ProfileError('profile.out-of-time', `${what} took longer than ${ms / 1000} s.`, {
    help: `Give it more time with ${key}, or profile a sample (profileSample).`,
  });
}
