import type { RunReport, StageCounts } from '../workflow/report.ts';
import { entityTypes, entityWords } from './entity-words.ts';
import { count, counted, duration } from './format-numbers.ts';
import type { Palette } from './palette.ts';
import { renderProblems } from './render-problems.ts';

interface Column {
  readonly key: keyof StageCounts;
  /** Shown although it is zero everywhere. */
  readonly always: boolean;
}

const columns: readonly Column[] = [
  { key: 'read', always: true },
  { key: 'filtered', always: true },
  { key: 'created', always: true },
  { key: 'updated', always: true },
  { key: 'restored', always: false },
  { key: 'unchanged', always: true },
  { key: 'kept', always: true },
  { key: 'deleted', always: false },
  { key: 'gone', always: false },
  { key: 'skipped', always: false },
  { key: 'failed', always: true },
  { key: 'requests', always: true },
  { key: 'seconds', always: true },
];

function shownValue(key: keyof StageCounts, value: number): string {
  return key === 'seconds' ? value.toFixed(1) : count(value);
}

/** What a run came to: a row for each stage, what went wrong, and one closing line. */
export function renderSummary(report: RunReport, palette: Palette): string {
  const problems = renderProblems(report, palette);
  return [table(report, palette), problems, closing(report, palette)].filter(Boolean).join('\n');
}

function table({ stages }: RunReport, palette: Palette): string {
  const rows = entityTypes.flatMap((type) => {
    const counts = stages[type];
    return counts ? [{ label: entityWords[type].many, counts }] : [];
  });
  if (rows.length === 0) return '';
  const shown = columns.filter(({ key, always }) => always || rows.some(({ counts }) => counts[key] > 0));
  const widths = shown.map(({ key }) =>
    Math.max(key.length, ...rows.map(({ counts }) => shownValue(key, counts[key]).length)),
  );
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  const head = shown.map(({ key }, index) => key.padStart(widths[index]!)).join('  ');
  const lines = rows.map(({ label, counts }) => {
    const cells = shown.map(({ key }, index) => cell(key, counts[key], widths[index]!, palette));
    return `${label.padEnd(labelWidth)}  ${cells.join('  ')}`;
  });
  return `${[palette.dim(`${''.padEnd(labelWidth)}  ${head}`), ...lines].join('\n')}\n`;
}

function cell(key: keyof StageCounts, value: number, width: number, palette: Palette): string {
  const text = shownValue(key, value).padStart(width);
  if (value === 0) return palette.dim(text);
  if (key === 'failed') return palette.red(text);
  return key === 'created' || key === 'updated' || key === 'restored' ? palette.green(text) : text;
}

function closing(report: RunReport, palette: Palette): string {
  const { source, target, seconds } = report;
  const requests = `${counted(source.requests, 'request')} to ${source.type}, ${count(target.requests)} to OpenMetadata`;
  const tail = `${counted(target.writes, 'write')}, ${requests}, ${duration(seconds)}.`;
  return `${verdict(report, palette)} ${tail}\n`;
}

function verdict(report: RunReport, palette: Palette): string {
  switch (report.state) {
    case 'success':
      return palette.green(report.target.writes === 0 ? 'Done, everything was in step:' : 'Done:');
    case 'partialSuccess':
      return palette.yellow(`Done with ${counted(report.failureCount, 'failure')}:`);
    case 'stopped':
      return palette.yellow('Stopped before the end; the next run goes on from here:');
    case 'failed':
      return palette.red(nothingRead(report) ? 'FAILED, NOTHING WAS READ:' : 'Failed:');
  }
}

function nothingRead({ stages }: RunReport): boolean {
  const read = (['database', 'databaseSchema', 'table'] as const).map((type) => stages[type]?.read ?? 0);
  return read.every((n) => n === 0);
}
