/** A schedule as people choose one; `cron` for everything that has no simpler words. */
export type ScheduleChoice =
  | { readonly way: 'none' }
  | { readonly way: 'hourly'; readonly minute: number }
  | { readonly way: 'daily'; readonly time: string }
  | { readonly way: 'weekly'; readonly time: string; readonly weekday: number }
  | { readonly way: 'monthly'; readonly time: string; readonly day: number }
  | { readonly way: 'cron'; readonly cron: string };

export type ScheduleWay = ScheduleChoice['way'];

const simple = /^(\d{1,2}) (\d{1,2}|\*) (\d{1,2}|\*) \* (\d|\*)$/;

/** What a cron expression is in the words of the picker. */
export function choiceOf(cron: string | undefined): ScheduleChoice {
  if (cron === undefined) return { way: 'none' };
  const [, minute, hour, day, weekday] = simple.exec(cron.trim()) ?? [];
  if (minute === undefined || Number(minute) > 59) return { way: 'cron', cron };
  if (hour === '*') {
    return day === '*' && weekday === '*' ? { way: 'hourly', minute: Number(minute) } : { way: 'cron', cron };
  }
  if (Number(hour) > 23) return { way: 'cron', cron };
  const time = `${hour!.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (day === '*' && weekday === '*') return { way: 'daily', time };
  if (day === '*' && Number(weekday) <= 6) return { way: 'weekly', time, weekday: Number(weekday) };
  if (weekday === '*' && Number(day) >= 1 && Number(day) <= 31) return { way: 'monthly', time, day: Number(day) };
  return { way: 'cron', cron };
}

/** The cron expression of a choice; undefined for a pipeline that runs on demand only. */
export function cronOf(choice: ScheduleChoice): string | undefined {
  switch (choice.way) {
    case 'none':
      return undefined;
    case 'hourly':
      return `${choice.minute} * * * *`;
    case 'daily':
      return `${clock(choice.time)} * * *`;
    case 'weekly':
      return `${clock(choice.time)} * * ${choice.weekday}`;
    case 'monthly':
      return `${clock(choice.time)} ${choice.day} * *`;
    case 'cron':
      return choice.cron;
  }
}

/** Another way, with what the last one knew of time. */
export function changedWay(choice: ScheduleChoice, way: ScheduleWay): ScheduleChoice {
  const time = 'time' in choice ? choice.time : '02:00';
  switch (way) {
    case 'none':
      return { way };
    case 'hourly':
      return { way, minute: 0 };
    case 'daily':
      return { way, time };
    case 'weekly':
      return { way, time, weekday: 1 };
    case 'monthly':
      return { way, time, day: 1 };
    case 'cron':
      return { way, cron: cronOf(choice) ?? '0 2 * * *' };
  }
}

/** `04:30` → `30 4` */
function clock(time: string): string {
  const [hour = '0', minute = '0'] = time.split(':');
  return `${Number(minute)} ${Number(hour)}`;
}
