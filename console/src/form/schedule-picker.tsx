import {
  Alert,
  Group,
  List,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import type { PipelineSchedule } from '../../../src/engine/engine.ts';
import { formatDueTime, nextTimes, scheduleInWords } from '../format/schedule-words.ts';
import { formatRelative } from '../format/times.ts';
import { formTexts } from '../texts/form.ts';
import { changedWay, choiceOf, cronOf, type ScheduleChoice, type ScheduleWay } from './schedule-choice.ts';

const words = formTexts.schedule;
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface SchedulePickerProps {
  readonly schedule: PipelineSchedule;
  /** Whether the user is writing a cron expression, which may for a while be one that has simpler words. */
  readonly asCron: boolean;
  readonly onChange: (schedule: PipelineSchedule, asCron: boolean) => void;
}

/** When a pipeline runs: chosen in words or as cron, with the next five times. */
export function SchedulePicker({ schedule, asCron, onChange }: SchedulePickerProps) {
  const choice: ScheduleChoice =
    asCron && schedule.cron !== undefined ? { way: 'cron', cron: schedule.cron } : choiceOf(schedule.cron);
  const set = (next: ScheduleChoice): void => {
    const { cron: _, ...rest } = schedule;
    const cron = cronOf(next);
    // A new schedule is in the time zone of who makes it.
    const timezone = schedule.timezone ?? own;
    onChange(cron === undefined ? rest : { ...rest, cron, timezone }, next.way === 'cron');
  };
  const setDate = (key: 'startDate' | 'endDate', date: string): void => {
    const { [key]: _, ...rest } = schedule;
    onChange(date === '' ? rest : { ...rest, [key]: `${date}T00:00:00Z` }, asCron);
  };
  return (
    <Stack>
      <SegmentedControl
        aria-label={words.how}
        value={choice.way}
        onChange={(way) => set(changedWay(choice, way as ScheduleWay))}
        data={Object.entries(words.ways).map(([value, label]) => ({ value, label }))}
        style={{ overflowX: 'auto' }}
      />
      {choice.way === 'none' && (
        <Text size="sm" c="dimmed">
          {words.noneHelp}
        </Text>
      )}
      <Group align="flex-start">
        <ChoiceFields choice={choice} onChange={set} />
        {choice.way !== 'none' && (
          <Select
            label={words.timezone}
            data={zones}
            searchable
            allowDeselect={false}
            value={schedule.timezone ?? 'UTC'}
            onChange={(timezone) => onChange({ ...schedule, timezone: timezone ?? 'UTC' }, asCron)}
            w={240}
          />
        )}
      </Group>
      {choice.way !== 'none' && (
        <>
          <Group align="flex-start">
            <TextInput
              type="date"
              label={words.startDate}
              value={schedule.startDate?.slice(0, 10) ?? ''}
              onChange={(event) => setDate('startDate', event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={words.endDate}
              value={schedule.endDate?.slice(0, 10) ?? ''}
              onChange={(event) => setDate('endDate', event.currentTarget.value)}
            />
          </Group>
          <Switch
            label={words.catchup}
            description={words.catchupHelp}
            checked={schedule.catchup}
            onChange={(event) => onChange({ ...schedule, catchup: event.currentTarget.checked }, asCron)}
          />
          <NextTimes schedule={schedule} />
        </>
      )}
    </Stack>
  );
}

interface ChoiceFieldsProps {
  readonly choice: ScheduleChoice;
  readonly onChange: (choice: ScheduleChoice) => void;
}

function ChoiceFields({ choice, onChange }: ChoiceFieldsProps) {
  switch (choice.way) {
    case 'none':
      return null;
    case 'hourly':
      return (
        <NumberInput
          label={words.minute}
          min={0}
          max={59}
          clampBehavior="strict"
          value={choice.minute}
          onChange={(minute) => onChange({ ...choice, minute: Number(minute) || 0 })}
          w={180}
        />
      );
    case 'cron':
      return (
        <TextInput
          label={words.cron}
          description={words.cronHelp}
          value={choice.cron}
          error={scheduleInWords(choice.cron) === undefined ? words.bad : undefined}
          onChange={(event) => onChange({ ...choice, cron: event.currentTarget.value })}
          w={{ base: '100%', xs: 320 }}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      );
    default:
      return (
        <>
          {choice.way === 'weekly' && (
            <Select
              label={words.weekday}
              data={words.weekdays.map((label, day) => ({ value: String(day), label }))}
              value={String(choice.weekday)}
              allowDeselect={false}
              onChange={(weekday) => onChange({ ...choice, weekday: Number(weekday) })}
              w={150}
            />
          )}
          {choice.way === 'monthly' && (
            <NumberInput
              label={words.dayOfMonth}
              min={1}
              max={31}
              clampBehavior="strict"
              value={choice.day}
              onChange={(day) => onChange({ ...choice, day: Number(day) || 1 })}
              w={150}
            />
          )}
          <TextInput
            type="time"
            label={words.time}
            value={choice.time}
            onChange={(event) => event.currentTarget.value && onChange({ ...choice, time: event.currentTarget.value })}
            w={130}
          />
        </>
      );
  }
}

/** The schedule in words, and when it is due next; or what is wrong with it. */
function NextTimes({ schedule }: { readonly schedule: PipelineSchedule }) {
  const { cron = '', timezone = 'UTC', startDate, endDate } = schedule;
  let times: readonly Date[];
  try {
    times = nextTimes({ cron, timezone, startDate, endDate });
  } catch (error) {
    return (
      <Alert color="red" title={words.bad}>
        {error instanceof Error ? error.message : String(error)}
      </Alert>
    );
  }
  return (
    <Alert color="meridian" variant="light" title={scheduleInWords(cron)} role="status">
      {times.length === 0 ? (
        words.never
      ) : (
        <>
          <Text size="sm" mb={4}>
            {words.next}
          </Text>
          <List size="sm" type="ordered">
            {times.map((time) => (
              <List.Item key={time.getTime()}>
                {formatDueTime(time, timezone)}{' '}
                <Text span size="xs" c="dimmed">
                  {formatRelative(time.toISOString())}
                </Text>
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Alert>
  );
}
