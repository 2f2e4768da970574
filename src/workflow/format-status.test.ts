import { describe, expect, it } from 'vitest';
import { createPalette } from '../cli/palette.ts';
import { formatStatus } from './format-status.ts';
import { report, stage } from './sample-report.testing.ts';

const text = (changes: Parameters<typeof report>[0]) => formatStatus(report(changes));

describe('the summary of a run', () => {
  it('has a row for each stage and one closing line', () => {
    const stages = {
      table: stage({ read: 12_345, created: 3, unchanged: 12_342, requests: 1_240, seconds: 64.25 }),
      database: stage({ read: 1, unchanged: 1 }),
    };
    expect(text({ stages })).toBe(
      [
        '             read  filtered  created  updated  unchanged  kept  failed  requests  seconds',
        'databases       1         0        0        0          1     0       0         0      0.0',
        'tables     12,345         0        3        0     12,342     0       0     1,240     64.3',
        '',
        'Done: 3 writes, 9 requests to Atlas, 1,234 to OpenMetadata, 1 min 05 s.',
      ].join('\n'),
    );
  });

  it('says loudly when nothing was read', () => {
    const nothing = text({ state: 'failed', stages: {}, warnings: ['Nothing was read: there is no such entity.'] });
    expect(nothing).toContain('FAILED, NOTHING WAS READ:');
    expect(nothing).toContain('warning: Nothing was read: there is no such entity.');
  });

  it('lists the first failures, counts the others, and says what to do', () => {
    const failures = Array.from({ length: 100 }, (_, n) => ({
      stage: 'table' as const,
      name: `s.d.c.t${n}`,
      code: 'openmetadata.refused',
      message: 'no',
    }));
    const failed = text({ state: 'partialSuccess', failures, failureCount: 250, deadLetters: '/letters.jsonl' });
    expect(failed).toContain('250 failures:');
    expect(failed).toContain('  table s.d.c.t9: no (openmetadata.refused)\n  … and 240 more');
    expect(failed).toContain('meridian replay -c RECIPE /letters.jsonl');
    expect(failed).toContain('Done with 250 failures:');
  });

  it('shows columns for rare outcomes only when there are some', () => {
    expect(text({})).not.toContain('restored');
    expect(text({ stages: { table: stage({ restored: 1, gone: 2 }) } })).toMatch(/restored.*gone/);
  });

  it('uses colours only where they are wanted', () => {
    expect(formatStatus(report(), createPalette(true))).toContain('\u001b[32m');
    expect(text({})).not.toContain('\u001b');
  });
});
