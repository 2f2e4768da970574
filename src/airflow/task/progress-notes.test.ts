import { expect, it, vi } from 'vitest';
import type { Progress } from '../../workflow/progress.ts';
import { ProgressNotes } from './progress-notes.ts';

it('every ten seconds a line says where the task stands, also when nothing has moved, and none comes after the end', () => {
  vi.useFakeTimers();
  try {
    const lines: [string, unknown][] = [];
    const notes = new ProgressNotes((level, text, fields) => lines.push([`${level} ${text}`, fields]));
    vi.advanceTimersByTime(10_000);
    expect(lines).toEqual([]);
    const none = { created: 0, updated: 0, unchanged: 0, failed: 0 };
    const progress: Progress = {
      stage: 'writing',
      entityType: 'table',
      done: 120,
      total: 400,
      ...none,
      created: 118,
      failed: 2,
      elapsedSeconds: 3,
    };
    notes.update(progress);
    vi.advanceTimersByTime(20_000);
    notes.end();
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(2);
    expect(lines[0]![0]).toMatch(/^info Working on tables: 120 of 400 \(30 %\) {2}failed 2 /);
    expect(lines.map(([line]) => line.split('  ').at(-1))).toEqual(['13 s', '23 s']);
    expect(lines[0]![1]).toMatchObject({ stage: 'writing', entity_type: 'table', done: 120, total: 400, failed: 2 });
  } finally {
    vi.useRealTimers();
  }
});
