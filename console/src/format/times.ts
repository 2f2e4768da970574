const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `in 5 minutes`, `yesterday`, `just now`. @param time ISO 8601 */
export function formatRelative(time: string, now = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  const [unit, size] = steps.find(([, each]) => Math.abs(seconds) >= each) ?? [];
  if (!unit || !size) return seconds > 5 ? 'in a moment' : 'just now';
  return relative.format(Math.round(seconds / size), unit);
}

/** `25 Nov 2026, 20:41:07`, in the browser's time zone. @param time ISO 8601 */
export function formatTime(time: string): string {
  return absolute.format(new Date(time));
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min` */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}
