import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Redactor } from '../../config/redactor.ts';
import { TaskLog, type TaskLogOptions } from './task-log.ts';

function open(env: TaskLogOptions['env'] = {}): {
  log: TaskLog;
  lines: () => Record<string, unknown>[];
  stream: PassThrough;
} {
  const stream = new PassThrough();
  const redactor = new Redactor(['hunter2-secret']);
  const log = new TaskLog(stream, { env, redact: (text) => redactor.redact(text) });
  const lines = (): Record<string, unknown>[] =>
    String(stream.read() ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, lines, stream };
}

it('whatever is said, a line has a level and a time that Airflow takes, and its own names stay its own', () => {
  const { log, lines } = open();
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  log.write('info', 'a\nb\r\u2028 \ud800 \0', {
    level: 7,
    timestamp: 'x',
    event: 1,
    msg: 2,
    target: 3,
    self: 4,
    'a b': 5,
    __class__: 6,
  });
  log.write('loud' as 'info', 'unknown level');
  log.write('error', 'odd values', {
    circular,
    fn: () => 1,
    big: 10n,
    nan: Number.NaN,
    date: new Date(Number.NaN),
    gone: undefined,
  });
  const [first, second, third] = lines();
  expect(first).toMatchObject({
    level: 'info',
    event: 'a\nb\r\u2028 \ufffd ',
    logger: 'meridian',
    field_level: 7,
    field_msg: 2,
    field_target: 3,
    field_a_b: 5,
  });
  expect(Object.keys(first!)).not.toContain('__class__');
  expect(first!['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(second).toMatchObject({ level: 'info', event: 'unknown level' });
  expect(third).toMatchObject({ circular: '… cannot be shown', big: '10', nan: null });
});

it('secrets are masked in texts, and within fields', () => {
  const { log, lines } = open();
  log.write('info', 'it is hunter2-secret', { a: { b: ['hunter2-secret'] }, c: 'x hunter2-secret' });
  expect(lines()).toMatchObject([{ event: 'it is ***', a: { b: ['***'] }, c: 'x ***' }]);
});

it('levels are those of Airflow’s configuration, by logger', () => {
  const say = (env: TaskLogOptions['env']): unknown[] => {
    const { log, lines } = open(env);
    for (const level of ['debug', 'info', 'warning', 'error', 'critical'] as const) log.write(level, level);
    log.write('debug', 'http debug', {}, 'meridian.http');
    return lines().map(({ event }) => event);
  };
  expect(say({})).toEqual(['info', 'warning', 'error', 'critical']);
  expect(say({ AIRFLOW__LOGGING__LOGGING_LEVEL: 'ERROR' })).toEqual(['error', 'critical']);
  expect(say({ AIRFLOW__LOGGING__LOGGING_LEVEL: 'nonsense' })).toEqual(['info', 'warning', 'error', 'critical']);
  expect(
    say({ AIRFLOW__LOGGING__NAMESPACE_LEVELS: 'sqlalchemy=DEBUG meridian=CRITICAL, meridian.http=debug' }),
  ).toEqual(['critical', 'http debug']);
});

it('a log that nobody reads any more stops nothing', async () => {
  const { log, stream } = open();
  stream.destroy(new Error('gone'));
  await new Promise((resolve) => stream.once('close', resolve));
  log.write('info', 'into the void');
  await log.close();
});

it('a text of any length becomes one that can be read', () => {
  const { log, lines } = open();
  log.write('info', 'x'.repeat(1_000_000), { much: Array.from({ length: 100_000 }, () => 'y') });
  const [line] = lines();
  expect(String(line!['event']).length).toBeLessThan(60_000);
  expect(line!['much']).toBe('… too long to be shown');
});
