import { Cron } from 'croner';
import { ConfigurationError } from '../../errors.ts';
import type { PipelineSchedule } from '../engine.ts';

/**
 * The times of a schedule. A time that a clock's change to summer leaves out comes at the first moment after the gap; one that
 * the change back would bring twice comes once. Times that recur all day (`*`, steps) follow the hours that there are.
 */
export class Schedule {
  readonly #cron: Cron | undefined;
  readonly #start: number;
  readonly #end: number;

  /** @throws ConfigurationError `engine.bad-schedule` */
  constructor({ cron, timezone = 'UTC', startDate, endDate }: PipelineSchedule) {
    this.#start = startDate === undefined ? Number.NEGATIVE_INFINITY : timeOf(startDate, 'startDate');
    this.#end = endDate === undefined ? Number.POSITIVE_INFINITY : timeOf(endDate, 'endDate');
    if (!isTimezone(timezone)) {
      throw bad(`“${timezone}” is no time zone.`, 'Use an IANA name, such as Europe/Berlin or UTC.');
    }
    if (cron === undefined) return;
    try {
      this.#cron = new Cron(cron.trim(), { timezone, paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message.replace(/^\w+: /, '') : String(cause);
      throw bad(
        `“${cron}” is no schedule: ${why}`,
        'Use five fields, such as “30 4 * * *”, or @hourly, @daily.',
        cause,
      );
    }
  }

  /** Epoch milliseconds of `startDate`; minus infinity without one. */
  get start(): number {
    return this.#start;
  }

  /** The first time after `after`; all in epoch milliseconds. Undefined when there is none any more. */
  next(after: number): number | undefined {
    const from = Math.max(after, this.#start - 1);
    const found = this.#cron?.nextRun(new Date(from))?.getTime();
    return found !== undefined && found <= this.#end ? found : undefined;
  }

  /** The last time after `after` that is not later than `now`. */
  latest(after: number, now: number): number | undefined {
    const until = Math.min(now, this.#end);
    if (!this.#cron || !Number.isFinite(until)) return undefined;
    // Croner looks before a second, and times are whole seconds.
    const [found] = this.#cron.previousRuns(1, new Date(Math.floor(until / 1000) * 1000 + 1000));
    const time = found?.getTime();
    return time !== undefined && time > after && time >= this.#start && time <= until ? time : undefined;
  }
}

function timeOf(text: string, key: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw bad(`${key} “${text}” is no time.`, 'Use ISO 8601, such as 2026-11-30T04:00:00Z.');
  return time;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function bad(message: string, help: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError('engine.bad-schedule', message, { help, cause });
}
