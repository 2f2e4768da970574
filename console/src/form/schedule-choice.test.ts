import { expect, it } from 'vitest';
import { formatDueTime, nextTimes, scheduleInWords } from '../format/schedule-words.ts';
import { changedWay, choiceOf, cronOf } from './schedule-choice.ts';

it.each([
  ['15 * * * *', { way: 'hourly', minute: 15 }],
  ['30 4 * * *', { way: 'daily', time: '04:30' }],
  ['0 6 * * 1', { way: 'weekly', time: '06:00', weekday: 1 }],
  ['5 0 31 * *', { way: 'monthly', time: '00:05', day: 31 }],
] as const)('%s is chosen in words, and comes back as it was', (cron, choice) => {
  expect(choiceOf(cron)).toEqual(choice);
  expect(cronOf(choice)).toBe(cron);
});

it.each(['*/5 * * * *', '0 25 * * *', '0 0 1 * 1', '0 0 0 * *', '@hourly', 'nonsense'])('%s stays cron', (cron) => {
  expect(choiceOf(cron)).toEqual({ way: 'cron', cron });
});

it('another way takes the time along', () => {
  expect(cronOf(changedWay(choiceOf('30 4 * * *'), 'weekly'))).toBe('30 4 * * 1');
  expect(cronOf(changedWay({ way: 'none' }, 'cron'))).toBe('0 2 * * *');
  expect(cronOf(changedWay(choiceOf('30 4 * * *'), 'none'))).toBeUndefined();
});

it('the next times are those of the time zone, also when clocks change', () => {
  const schedule = { cron: '30 4 * * *', timezone: 'Europe/Berlin', startDate: '2026-10-24T00:00:00Z' };
  const times = nextTimes({ ...schedule, endDate: '2099-01-01T00:00:00Z' }, 3);
  expect(times).toHaveLength(3);
  for (const time of times) expect(formatDueTime(time, 'Europe/Berlin')).toMatch(/, 04:30$/);
  expect(() => nextTimes({ cron: '61 * * * *', timezone: 'UTC' })).toThrow();
  expect(nextTimes({ ...schedule, endDate: '2001-01-01T00:00:00Z' })).toEqual([]);
});

it('a schedule has words, and what is none has not', () => {
  expect(scheduleInWords('30 4 * * *')).toBe('Every day at 04:30');
  expect(scheduleInWords('@hourly')).toBe('Every hour');
  expect(scheduleInWords('nonsense')).toBeUndefined();
});
