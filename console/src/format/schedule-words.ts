import { Cron } from 'croner';
import cronstrue from 'cronstrue';

/** `@hourly` and its kin, which the words know only in full. */
const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** `Every day at 04:30`, `At 06:00, only on Monday`; undefined for what is no schedule. */
export function scheduleInWords(cron: string): string | undefined {
  const fields = nicknames[cron.trim().toLowerCase()] ?? cron;
  try {
    const words = cronstrue.toString(fields, { use24HourTimeFormat: true, verbose: false });
    return words.replace(/^At (\d\d:\d\d)$/, 'Every day at $1');
  } catch {
    return undefined;
  }
}

export interface ScheduleTimes {
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
}

/** The next times that a schedule is due. @throws Error that says what is wrong with it */
export function nextTimes({ cron, timezone, startDate, endDate }: ScheduleTimes, count = 5): readonly Date[] {
  const times = new Cron(cron.trim(), {
    timezone,
    paused: true,
    mode: '5-part',
    ...(startDate && { startAt: new Date(startDate) }),
    ...(endDate && { stopAt: new Date(endDate) }),
  });
  return times.nextRuns(count);
}

/** `Thursday 26 November, 04:30`, as the clocks of that time zone show it. */
export function formatDueTime(time: Date, timezone: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: timezone });
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: timezone });
  return `${day.format(time)}, ${clock.format(time)}`;
}
