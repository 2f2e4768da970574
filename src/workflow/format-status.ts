import { entityTypes, entityWords } from './entity-words.ts';
import { formatFailures } from './format-failures.ts';
import { count, counted, duration } from './format-numbers.ts';
import type { RunReport, StageCounts } from './report.ts';

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

type Paint = (text: string) => string;

/** How the parts of a summary are told apart; a terminal gives its colours. */
export interface StatusColours {
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
}

const plain: Paint = (text) => text;
const noColours: StatusColours = { dim: plain, red: plain, green: plain, yellow: plain };

/**
 * The summary of a run as text, the same on the command line and in a program: a row for each stage, what went wrong,
 * and one closing line, without a line end.
 */
export function formatStatus(report: RunReport, colours: StatusColours = noColours): string {
  const failures = formatFailures(report, colours);
  return [table(report, colours), failures, closing(report, colours)].filter(Boolean).join('\n');
}

function table({ stages }: RunReport, colours: StatusColours): string {
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
    const cells = shown.map(({ key }, index) => cell(key, counts[key], widths[index]!, colours));
    return `${label.padEnd(labelWidth)}  ${cells.join('  ')}`;
  });
  return `${[colours.dim(`${''.padEnd(labelWidth)}  ${head}`), ...lines].join('\n')}\n`;
}

function cell(key: keyof StageCounts, value: number, width: number, colours: StatusColours): string {
  const text = shownValue(key, value).padStart(width);
  if (value === 0) return colours.dim(text);
  if (key === 'failed') return colours.red(text);
  return key === 'created' || key === 'updated' || key === 'restored' ? colours.green(text) : text;
}

function closing(report: RunReport, colours: StatusColours): string {
  const { source, target, seconds } = report;
  // A server may be read into another of its kind.
  const [from, to] =
    source.type === 'OpenMetadata' ? ['OpenMetadata (source)', 'OpenMetadata (target)'] : [source.type, 'OpenMetadata'];
  const asked = report.command === 'undo' ? '' : `${counted(source.requests, 'request')} to ${from}, `;
  const requests = `${asked}${count(target.requests)}${asked ? '' : ' requests'} to ${asked ? to : 'OpenMetadata'}`;
  const tail = `${counted(target.writes, 'write')}, ${requests}, ${duration(seconds)}.`;
  const read = report.reading === 'incremental' ? ` Only what has changed was read: ${report.readingReason}.` : '';
  return `${verdict(report, colours)} ${tail}${read}`;
}

function verdict(report: RunReport, colours: StatusColours): string {
  const isUndo = report.command === 'undo';
  switch (report.state) {
    case 'success':
      return colours.green(
        report.target.writes > 0 || report.command === 'profile'
          ? 'Done:'
          : isUndo
            ? 'Done, nothing went back:'
            : 'Done, everything was in step:',
      );
    case 'partialSuccess':
      return colours.yellow(`Done with ${counted(report.failureCount, 'failure')}:`);
    case 'stopped':
      return colours.yellow(`Stopped before the end; the ${isUndo ? 'same command' : 'next run'} goes on from here:`);
    case 'failed':
      return colours.red(failed(report));
  }
}

function failed(report: RunReport): string {
  if (report.command === 'undo') return 'Failed:';
  if (report.command === 'profile') return report.target.writes === 0 ? 'FAILED, NOTHING WAS PROFILED:' : 'Failed:';
  return nothingRead(report) ? 'FAILED, NOTHING WAS READ:' : 'Failed:';
}

function nothingRead({ stages }: RunReport): boolean {
  const read = (['database', 'databaseSchema', 'table'] as const).map((type) => stages[type]?.read ?? 0);
  return read.every((n) => n === 0);
}
