import { GuardError, MeridianError } from '../errors.ts';
import { entityWords } from './entity-words.ts';
import { counted } from './format-numbers.ts';
import type { GuardObjection, RunReport } from './report.ts';

/** A run finished with more failures than `successThreshold` and `raiseOnError` allow. */
export class RunFailedError extends MeridianError {}

export interface RaiseOptions {
  /** Of the recipe: false for a run that never fails. */
  readonly raiseOnError: boolean;
  /** A partial success counts as a failure, too. */
  readonly raiseWarnings?: boolean;
}

/**
 * @throws RunFailedError when the run failed more than the recipe allows, or read nothing
 * @throws GuardError when a guard kept entities from being deleted
 */
export function raiseFromReport(report: RunReport, { raiseOnError, raiseWarnings = false }: RaiseOptions): void {
  const { state, failureCount, successPercent } = report;
  if (state === 'stopped' || !raiseOnError) return;
  if (state !== 'failed') raiseFromGuards(report);
  if (state === 'success') return;
  if (state === 'partialSuccess' && !raiseWarnings) return;
  const message =
    failureCount === 0
      ? (report.warnings[0] ?? 'The run did not finish.')
      : `${failureCount} of the ${report.command === 'profile' ? 'tables' : 'entities'} failed; ${successPercent.toFixed(1)} % went well.`;
  throw new RunFailedError('run.failed', message, {
    help:
      failureCount === 0 && report.command === 'profile'
        ? 'Check the filters of the recipe, and that OpenMetadata holds the tables of its services.'
        : failureCount === 0
          ? 'Check what the recipe asks the source for, its filters, and whether its user may read these entities.'
          : 'The report and the dead-letter file say what was refused and why; “meridian replay” sends it again.',
  });
}

/** A guard's objection is no failure of the run, and must not go unnoticed: a plan only shows it. */
function raiseFromGuards({ guards, command }: RunReport): void {
  if (guards.length === 0 || command === 'plan') return;
  const what = guards.map(inWords).join('; ');
  const shares = guards.flatMap(({ share }) => (share === undefined ? [] : [share]));
  const needed = Math.ceil(Math.max(0, ...shares));
  throw new GuardError('run.guard', `A guard kept entities from being deleted. ${what}.`, {
    help:
      shares.length > 0
        ? `“meridian plan” lists them. If so much is really gone, run once with --allow-deletes ${needed}%; meridian.deletes.maxSharePercent allows it for good.`
        : 'The source still has what its listing did not show: check the rights of its user and its index, then run again.',
  });
}

function inWords({ entityType, count, message }: GuardObjection): string {
  const { one, many } = entityWords[entityType];
  const why = message.replace(/^not deleted: /, '');
  // Columns are told with their own count.
  return why === message ? message : `${counted(count, one, many)}: ${why}`;
}
