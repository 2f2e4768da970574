import { createRequire } from 'node:module';
import { secondsOfDuration } from './duration.ts';
import { nearest, suggestWord } from './suggest.ts';
import type { Finding } from './validate-recipe.ts';

/** Airflow's own words for common crons. */
export const schedulePresets = ['@once', '@hourly', '@daily', '@weekly', '@monthly', '@quarterly', '@yearly'] as const;
/** 1 to 250 of these; Airflow keeps ids that begin with a dot out of nothing, but file systems hide them. */
export const dagIdPattern = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,249}$/;

type Block = Readonly<Record<string, unknown>>;

/** What a schema cannot say of `airflow:`: ids, times, crons, zones, addresses. */
export function airflowFindings(block: Block): Finding[] {
  return [
    ...dagId(block['dagId']),
    ...name(block, 'queue'),
    ...name(block, 'smtpConnectionId'),
    ...duration(block, 'retryDelay', 0),
    ...duration(block, 'executionTimeout', 1),
    ...dates(block),
    ...scheduleFindings(block['schedule']).map((finding) => at('schedule', finding)),
    ...zone(block['timezone']),
    ...mail(block),
    ...tags(block['tags']),
    ...lineBreaks(block),
  ];
}

const at = (key: string, finding: Omit<Finding, 'path'>, ...more: (string | number)[]): Finding => ({
  path: ['airflow', key, ...more],
  ...finding,
});

function dagId(value: unknown): Finding[] {
  if (typeof value !== 'string' || dagIdPattern.test(value)) return [];
  const better = idFrom(value);
  return [
    at('dagId', {
      message: `“${shortened(value)}” is no id of a DAG.`,
      expected: '1 to 250 letters (a to z), digits, dashes, dots and underscores, not beginning with a dot',
      ...(better !== '' && { suggestion: `Such as ${better}.` }),
    }),
  ];
}

/** The nearest id that Airflow takes; empty where nothing of the text is left. */
export function idFrom(text: string): string {
  const id = text.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replace(/^[_.]+|_+$/g, '');
  return /[A-Za-z0-9]/.test(id) ? id.slice(0, 250) : '';
}

function name(block: Block, key: string): Finding[] {
  const value = block[key];
  if (typeof value !== 'string' || /^[\w.-]{1,200}$/.test(value)) return [];
  return [
    at(key, {
      message: `“${shortened(value)}” is no name that Airflow takes here.`,
      expected: 'letters, digits, dashes, dots and underscores',
    }),
  ];
}

function duration(block: Block, key: string, least: number): Finding[] {
  const value = block[key];
  const expected = 'a time with its unit (s, m, h, d), such as 90s, 5m or 1h';
  if (typeof value === 'number') {
    return [at(key, { message: 'A time needs its unit.', expected, suggestion: `Write ${value}m for minutes.` })];
  }
  if (typeof value !== 'string') return [];
  const seconds = secondsOfDuration(value);
  if (seconds === undefined) return [at(key, { message: `“${shortened(value)}” is no time.`, expected })];
  if (seconds < least || seconds > 30 * 86_400) {
    return [at(key, { message: `“${value}” is out of range.`, expected: `at least ${least}s and at most 30d` })];
  }
  return [];
}

const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

function isDate(text: string): boolean {
  if (!isoDate.test(text)) return false;
  const [year, month, day] = text.slice(0, 10).split('-').map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return !Number.isNaN(Date.parse(text)) && date.getUTCMonth() === month - 1 && year >= 1970 && year < 2200;
}

function dates({ startDate, endDate, catchup }: Block): Finding[] {
  const expected = 'a day or a time as ISO 8601, such as 2025-01-31 or 2025-01-31T06:00:00Z';
  const bad = Object.entries({ startDate, endDate }).filter(([, value]) => typeof value === 'string' && !isDate(value));
  if (bad.length > 0) {
    return bad.map(([key, value]) => at(key, { message: `“${shortened(String(value))}” is no date.`, expected }));
  }
  if (catchup === true && startDate === undefined) {
    return [at('catchup', { message: 'Since when to catch up is not said.', expected: 'startDate beside it' })];
  }
  if (typeof startDate === 'string' && typeof endDate === 'string' && Date.parse(endDate) <= Date.parse(startDate)) {
    return [at('endDate', { message: 'This ends before it begins.', expected: 'a time after startDate' })];
  }
  return [];
}

/** What is wrong with a schedule; nothing for null. */
export function scheduleFindings(value: unknown): Omit<Finding, 'path'>[] {
  if (typeof value !== 'string') return [];
  const expected = `five fields, such as 0 6 * * *, or one of ${schedulePresets.join(', ')}, or null`;
  const text = value.trim();
  if (text.startsWith('@')) {
    if ((schedulePresets as readonly string[]).includes(text)) return [];
    const near = nearest(text, schedulePresets);
    return [
      {
        message: `“${shortened(value)}” is none of Airflow’s presets.`,
        expected: schedulePresets.join(', '),
        ...(near && { suggestion: `Did you mean “${near}”?` }),
      },
    ];
  }
  const fields = text.split(/\s+/);
  if (fields.length !== 5) {
    const some = text === '' ? 'nothing' : `${fields.length} field${fields.length === 1 ? '' : 's'}`;
    return [{ message: `A cron has five fields; this has ${some}.`, expected }];
  }
  // What only some crons know (W, ?, +) Airflow reads as something else.
  if (!/^[0-9A-Za-z*/,#\s-]+$/.test(text) || /\dW|W\d/i.test(text)) {
    return [{ message: `“${shortened(value)}” has signs that Airflow’s cron does not know.`, expected }];
  }
  return neverDue(text, expected);
}

function neverDue(text: string, expected: string): Omit<Finding, 'path'>[] {
  // Loaded only where there is a schedule to look at: other commands need none of it.
  const { Cron } = createRequire(import.meta.url)('croner') as typeof import('croner');
  try {
    if (new Cron(text, { paused: true, timezone: 'UTC' }).nextRun() !== null) return [];
    return [{ message: `“${text}” is never due.`, expected }];
  } catch (error) {
    const why = (error as Error).message.replace(/^CronPattern: /, '').replace(/\.$/, '');
    return [{ message: `“${shortened(text)}” is no cron: ${why}.`, expected }];
  }
}

function zone(value: unknown): Finding[] {
  if (typeof value !== 'string' || isTimeZone(value)) return [];
  const suggestion = suggestWord(value, Intl.supportedValuesOf('timeZone'));
  return [
    at('timezone', {
      message: `There is no time zone “${shortened(value)}”.`,
      expected: 'an IANA name, such as UTC or Europe/Berlin',
      ...(suggestion !== undefined && { suggestion }),
    }),
  ];
}

/** True for an IANA name; offsets such as +02:00 are none. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}

function mail({ email, emailOnFailure }: Block): Finding[] {
  if (emailOnFailure === true && !(Array.isArray(email) && email.length > 0)) {
    return [
      at('emailOnFailure', { message: 'Nobody is named who gets the mail.', expected: 'addresses in email beside it' }),
    ];
  }
  if (!Array.isArray(email)) return [];
  return email.flatMap((address: unknown, i) =>
    typeof address === 'string' && !/^[^\s@<>,;"{}]+@[^\s@<>,;"{}]+$/.test(address)
      ? [
          at(
            'email',
            { message: `“${shortened(address)}” is no mail address.`, expected: 'one such as data@company.example' },
            i,
          ),
        ]
      : [],
  );
}

function tags(value: unknown): Finding[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((tag: unknown, i) =>
    typeof tag === 'string' && (tag.trim() === '' || tag.length > 100)
      ? [at('tags', { message: 'Airflow takes tags of 1 to 100 characters.' }, i)]
      : [],
  );
}

/** Texts that Airflow shows in one line; a NUL it cannot store. */
function lineBreaks(block: Block): Finding[] {
  return Object.entries(block).flatMap(([key, value]) => {
    const list = Array.isArray(value) ? value : [value];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    const bad = list.some((text) => typeof text === 'string' && /[\u0000-\u0008\u000e-\u001f]/.test(text));
    return bad ? [at(key, { message: 'This holds control characters.', expected: 'text' })] : [];
  });
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
