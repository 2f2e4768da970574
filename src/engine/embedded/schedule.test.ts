import { describe, expect, it } from 'vitest';
import { Schedule } from './schedule.ts';

const at = (text: string): number => Date.parse(text);
const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

function following(schedule: Schedule, after: string, count: number): (string | undefined)[] {
  const times: (string | undefined)[] = [];
  for (let time: number | undefined = at(after); times.length < count && time !== undefined; ) {
    time = schedule.next(time);
    times.push(iso(time));
  }
  return times;
}

describe('the times of a schedule', () => {
  it('are those of its time zone', () => {
    const schedule = new Schedule({ cron: '0 9 * * 1-5', timezone: 'America/New_York', catchup: false });
    expect(following(schedule, '2026-11-27T15:00:00Z', 2)).toEqual([
      '2026-11-30T14:00:00.000Z',
      '2026-12-01T14:00:00.000Z',
    ]);
  });

  it('come once where the clock is put back, and right after the gap where it is put forward', () => {
    const daily = new Schedule({ cron: '30 2 * * *', timezone: 'Europe/Berlin', catchup: false });
    expect(following(daily, '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    expect(following(daily, '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    const twice = new Schedule({ cron: '0,30 2 * * *', timezone: 'Europe/Berlin', catchup: false });
    expect(following(twice, '2026-10-24T12:00:00Z', 3)).toEqual([
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:00:00.000Z',
    ]);
  });

  it('follow each hour that there is when they recur all day', () => {
    const hourly = new Schedule({ cron: '0 * * * *', timezone: 'Europe/Berlin', catchup: false });
    expect(following(hourly, '2026-10-25T00:00:00Z', 3)).toEqual([
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T02:00:00.000Z',
      '2026-10-25T03:00:00.000Z',
    ]);
    expect(following(hourly, '2026-03-29T00:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T02:00:00.000Z',
    ]);
  });

  it('lie between start and end date, both included', () => {
    const schedule = new Schedule({
      cron: '@daily',
      startDate: '2026-11-26T00:00:00Z',
      endDate: '2026-11-28T00:00:00Z',
      catchup: false,
    });
    expect(following(schedule, '2026-01-01T00:00:00Z', 9)).toEqual([
      '2026-11-26T00:00:00.000Z',
      '2026-11-27T00:00:00.000Z',
      '2026-11-28T00:00:00.000Z',
      undefined,
    ]);
    expect(iso(schedule.latest(0, at('2027-01-01T00:00:00Z')))).toBe('2026-11-28T00:00:00.000Z');
    expect(schedule.latest(0, at('2026-11-25T23:59:59Z'))).toBeUndefined();
  });

  it('have a last one that is due, to the second', () => {
    const schedule = new Schedule({ cron: '*/5 * * * *', catchup: false });
    const until = (now: string): string | undefined => iso(schedule.latest(at('2026-11-25T08:00:00Z'), at(now)));
    expect(until('2026-11-25T10:04:59.999Z')).toBe('2026-11-25T10:00:00.000Z');
    expect(until('2026-11-25T10:05:00.000Z')).toBe('2026-11-25T10:05:00.000Z');
    expect(until('2026-11-25T08:04:59.000Z')).toBeUndefined();
  });

  it('are none without a cron expression, or when it never comes', () => {
    expect(new Schedule({ catchup: false }).next(0)).toBeUndefined();
    expect(new Schedule({ cron: '0 0 31 2 *', catchup: false }).next(Date.now())).toBeUndefined();
  });
});
