const baseMs = 250;
const capMs = 10_000;
/** A server that asks for a longer wait is asked again sooner. */
const longestRetryAfterMs = 60_000;

/**
 * Milliseconds to wait before another attempt, with full jitter: many clients must not come back at the same moment.
 *
 * @param failures how many attempts failed so far, from 1
 * @param random uniform in [0, 1)
 */
export function backoffMs(failures: number, random: () => number): number {
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** (failures - 1)));
}

/**
 * Milliseconds of a Retry-After header, in seconds or as a date; at most a minute. Undefined where it says nothing.
 *
 * @param now epoch milliseconds
 */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!text) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(longestRetryAfterMs, Math.max(0, ms)) : undefined;
}
