import type { RunReport, StageCounts } from './report.ts';

const columns: readonly (keyof StageCounts)[] = [
  'read',
  'filtered',
  'created',
  'updated',
  'restored',
  'unchanged',
  'kept',
  'deleted',
  'gone',
  'skipped',
  'failed',
];
const shownFailures = 10;

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** The summary of a run as text: counts by stage, what was left out, what failed, and one closing line. */
export function formatStatus(report: RunReport): string {
  const used = columns.filter(
    (name) => name === 'read' || Object.values(report.stages).some((stage) => stage[name] > 0),
  );
  const rows = Object.entries(report.stages).map(([kind, stage]) => [kind, ...used.map((name) => String(stage[name]))]);
  const parts: string[] = [];
  if (rows.length > 0) parts.push(table([['', ...used], ...rows]));
  for (const group of report.skipped) {
    const more = group.count > group.samples.length ? ` and ${group.count - group.samples.length} more` : '';
    parts.push(`Skipped ${group.count} (${group.reason}): ${group.message}\n  ${group.samples.join(', ')}${more}`);
  }
  for (const warning of report.warnings) parts.push(`Warning: ${warning}`);
  if (report.partial.length > 0) parts.push(`Not read whole: ${report.partial.join(', ')}.`);
  if (report.failureCount > 0) {
    const shown = report.failures
      .slice(0, shownFailures)
      .map((f) => `  ${f.stage} ${f.name}: ${f.message} (${f.code})`);
    const rest = report.failureCount - shown.length;
    if (rest > 0) shown.push(`  … and ${rest} more`);
    parts.push(`Failed ${report.failureCount}:\n${shown.join('\n')}`);
    if (report.deadLetters) parts.push(`Refused requests are in ${report.deadLetters}.`);
  }
  const words = { success: 'Done', partialSuccess: 'Done, with failures', failed: 'Failed', stopped: 'Stopped' };
  const what = report.command === 'plan' ? 'Planned; nothing was sent.' : `${report.target.writes} entities written.`;
  parts.push(
    `${words[report.state]}. ${what} ${report.source.requests} requests to ${report.source.type}, ` +
      `${report.target.requests} to OpenMetadata, ${report.seconds.toFixed(1)} s.`,
  );
  return parts.join('\n\n');
}
