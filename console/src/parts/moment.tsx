import { useSyncExternalStore } from 'react';
import { formatRelative, formatTime } from '../format/times.ts';

/** One clock for all that is shown relative to now. */
const every = 15_000;
let now = Date.now();
function subscribe(listener: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    listener();
  }, every);
  return () => clearInterval(timer);
}

/** A time as people say it (`2 hours ago`); the exact one shows when it is pointed at. @param time ISO 8601 */
export function Moment({ time }: { readonly time: string }) {
  // A time that is newer than the clock's last step is no future.
  const shown = useSyncExternalStore(subscribe, () => now);
  return (
    <time dateTime={time} title={formatTime(time)}>
      {formatRelative(time, Date.parse(time) > shown && Date.parse(time) <= Date.now() ? Date.now() : shown)}
    </time>
  );
}
