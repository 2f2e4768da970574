import { emptyStage, type RunReport, type StageCounts } from '../workflow/report.ts';

export function stage(counts: Partial<StageCounts>): StageCounts {
  return { ...emptyStage(), ...counts };
}

export function report(changes: Partial<RunReport> = {}): RunReport {
  return {
    reportVersion: 1,
    runId: 'r-1',
    command: 'ingest',
    pipeline: 'om.example/atlas/local_atlas',
    state: 'success',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:01:05.000Z',
    seconds: 65,
    source: { type: 'Atlas', host: 'atlas.example:21000', version: '2.3.0', requests: 9 },
    target: { host: 'om.example', version: '1.6.2', requests: 1234, writes: 3 },
    mode: 'create',
    reading: 'full',
    stages: { table: stage({ read: 61, created: 3, unchanged: 58 }) },
    failures: [],
    failureCount: 0,
    skipped: [],
    partial: [],
    guards: [],
    warnings: [],
    successPercent: 100,
    ...changes,
  };
}
