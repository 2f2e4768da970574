import { count, counted, shorten } from './format-numbers.ts';
import type { StatusColours } from './format-status.ts';
import type { RunFailure, RunReport } from './report.ts';

const shownFailures = 10;
const shownNames = 3;
const longestMessage = 200;

/** Warnings, what was skipped, what was not read whole, and failures with what to do. Empty when all is well. */
export function formatFailures(report: RunReport, colours: StatusColours): string {
  const lines = report.warnings.map((warning) => `${colours.yellow('warning:')} ${warning}`);
  for (const { message, count: n, samples } of report.skipped) {
    const names = samples.slice(0, shownNames).join(', ');
    const more = n > shownNames ? ', …' : '';
    lines.push(`${colours.yellow('skipped:')} ${count(n)} × ${message}${names ? ` (${names}${more})` : ''}`);
  }
  if (report.partial.length > 0) {
    lines.push(`${colours.yellow('not read whole:')} ${report.partial.join(', ')}`);
  }
  lines.push(...failureLines(report, colours));
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function failureLines({ failures, failureCount, deadLetters }: RunReport, colours: StatusColours): string[] {
  if (failureCount === 0) return [];
  const lines = [colours.red(`${counted(failureCount, 'failure')}:`)];
  lines.push(...failures.slice(0, shownFailures).map(failureLine));
  const more = failureCount - Math.min(failures.length, shownFailures);
  if (more > 0) lines.push(`  … and ${count(more)} more${deadLetters ? '' : ' (--report FILE has up to 100)'}`);
  if (deadLetters) {
    lines.push(`Refused requests are in ${deadLetters}; “meridian replay -c RECIPE ${deadLetters}” sends them again.`);
  }
  return lines;
}

function failureLine({ stage, name, code, message }: RunFailure): string {
  return `  ${stage} ${name}: ${shorten(message, longestMessage)} (${code})`;
}
