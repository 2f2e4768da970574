import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../workflow/progress.ts';
import { ProgressLine } from './progress-line.ts';
import { recordingTerminal } from './recording-terminal.testing.ts';

function progress(changes: Partial<Progress> = {}): Progress {
  return {
    stage: 'writing',
    entityType: 'table',
    done: 0,
    total: 60_000,
    created: 0,
    updated: 0,
    unchanged: 0,
    failed: 0,
    elapsedSeconds: 3,
    ...changes,
  };
}

const clear = '\r\u001b[2K';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('on a terminal', () => {
  it('shows counts, rate and time left in one line', () => {
    const { terminal, notes } = recordingTerminal({ columns: 160 });
    const line = new ProgressLine(terminal);
    line.update(progress());
    vi.advanceTimersByTime(2000);
    line.update(progress({ done: 12_000, created: 11_000, unchanged: 1000, elapsedSeconds: 5 }));
    vi.advanceTimersByTime(100);
    const last = notes().split(clear).at(-1);
    expect(last).toBe(
      'Working on tables: 12,000 of 60,000 (20 %)  6,000/s  about 8.0 s left  created 11,000  updated 0  unchanged 1,000  5.1 s',
    );
    line.end();
    expect(notes().endsWith(clear)).toBe(true);
  });

  it('shows that time goes on while a server thinks', () => {
    const { terminal, notes } = recordingTerminal({ columns: 160 });
    const line = new ProgressLine(terminal);
    const { entityType: _type, total: _total, ...connecting } = progress({ stage: 'connecting', elapsedSeconds: 0 });
    line.update(connecting);
    vi.advanceTimersByTime(7000);
    expect(notes().split(clear).at(-1)).toBe('Connecting  7.0 s');
    const { total: _none, ...reading } = progress({ stage: 'reading', elapsedSeconds: 8 });
    line.update(reading);
    vi.advanceTimersByTime(2000);
    expect(notes().split(clear).at(-1)).toMatch(/^Reading tables {2}(.* )?10 s$/);
    line.end();
  });

  it('redraws at most ten times a second', () => {
    const { terminal, notes } = recordingTerminal({ columns: 160 });
    const line = new ProgressLine(terminal);
    for (let done = 1; done <= 1000; done += 1) {
      line.update(progress({ done }));
      vi.advanceTimersByTime(1);
    }
    expect(notes().split(clear).length - 1).toBeLessThanOrEqual(11);
    line.end();
  });

  it.each([120, 80, 40, 12])('never fills the last of %i columns', (columns) => {
    const { terminal, notes } = recordingTerminal({ columns });
    const line = new ProgressLine(terminal);
    line.update(progress({ done: 5, failed: 3 }));
    vi.advanceTimersByTime(1000);
    line.update(progress({ done: 12_345, failed: 3 }));
    for (const drawn of notes().split(clear)) expect(drawn.length).toBeLessThan(columns);
    line.end();
  });

  it('prints notes above the live line and draws it again', () => {
    const { terminal, notes } = recordingTerminal({ columns: 100 });
    const line = new ProgressLine(terminal);
    line.update(progress({ done: 7 }));
    line.note('something to know');
    vi.advanceTimersByTime(100);
    const drawn = notes().split(clear);
    expect(drawn[1]).toContain('7 of 60,000');
    expect(drawn[2]).toBe('something to know\n');
    expect(drawn[3]).toContain('7 of 60,000');
    line.end();
  });
});

describe.each([
  ['a pipe', {}],
  ['CI', { columns: 100, env: { CI: 'true' } }],
  ['a dumb terminal', { columns: 100, env: { TERM: 'dumb' } }],
])('in %s', (_, options) => {
  it('prints a plain line every ten seconds', () => {
    const { terminal, notes } = recordingTerminal(options);
    const line = new ProgressLine(terminal);
    line.update(progress({ done: 1 }));
    vi.advanceTimersByTime(9999);
    expect(notes()).toBe('');
    line.update(progress({ done: 20_001 }));
    vi.advanceTimersByTime(10_001);
    expect(notes().match(/Working on tables: 20,001 of 60,000 .*\n/g)).toHaveLength(2);
    expect(notes()).not.toContain('\u001b');
    line.end();
    vi.advanceTimersByTime(60_000);
    expect(notes().match(/\n/g)).toHaveLength(2);
  });
});
