import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LogAnswer } from './airflow-answers.ts';
import { lastError, logLines, mergedLog } from './airflow-log.ts';

const recorded = join(import.meta.dirname, '../../../../shared/airflow/recorded-logs.json');
const there = existsSync(recorded);
if (!there) console.warn('Skipped: the recorded logs of a real Airflow are not beside the repository.');

describe.runIf(there)('logs of a real Airflow', () => {
  const answers = (there ? JSON.parse(readFileSync(recorded, 'utf8')) : {}) as Record<
    string,
    { status: number; answer: LogAnswer }
  >;

  it('each can be read, without what Airflow says of its place', () => {
    for (const { status, answer } of Object.values(answers)) {
      if (status !== 200) continue;
      for (const { time, text } of logLines(answer)) {
        expect(Date.parse(time)).toBeGreaterThan(0);
        expect(text).not.toContain('::group::');
      }
    }
  });

  it('has its levels and fields', () => {
    const text = mergedLog([{ name: 'plan', lines: logLines(answers['success: node_pipeline.plan']!.answer) }]);
    expect(text.split('\n')[0]).toBe('2026-11-24T01:17:05.411000Z INFO plan: plan started parts=3');
    expect(text).toContain('ERROR plan: with exception Error: boom\n');
    expect(lastError(answers['success: node_pipeline.plan']!.answer)).toBe('a line on stderr');
  });
});

describe('logs of Airflow 2', () => {
  const content = `[('worker-1', '[2026-11-24T01:17:05.411+0000] {subprocess.py:93} INFO - it\\'s "fine" \\\\ \\xe9\\u2028\\n  File more\\n[2026-11-24T03:17:06.000+02:00] {taskinstance.py:1} ERROR - Task failed\\nTraceback (most recent call last):\\nairflow.exceptions.AirflowException: Too late.\\n')]`;

  it('are read out of Python’s notation', () => {
    expect(logLines({ content })).toEqual([
      { time: '2026-11-24T01:17:05.411Z', level: 'info', text: 'it\'s "fine" \\ é\u2028\n  File more' },
      { time: '2026-11-24T01:17:06.000Z', level: 'error', text: expect.stringMatching(/^Task failed\nTraceback/) },
    ]);
    expect(lastError({ content })).toBe('Too late.');
  });

  it('can be empty', () => {
    expect(logLines({ content: '[]' })).toEqual([]);
  });
});

it('what several tasks say stands in the order of its time', () => {
  const line = (time: string, text: string) => ({ time, level: 'info', text });
  expect(
    mergedLog([
      { name: 'ingest[0]', lines: [line('2026-01-01T00:00:01Z', 'a'), line('2026-01-01T00:00:03Z', 'c')] },
      { name: 'ingest[1]', lines: [line('2026-01-01T00:00:02Z', 'b')] },
    ]).match(/: \w/g),
  ).toEqual([': a', ': b', ': c']);
});
