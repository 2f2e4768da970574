import { ConfigurationError, GuardError, MeridianError } from '../../errors.ts';
import type { AirflowStep } from '../deployment.ts';

/** Airflow, or somebody in its UI, has told the task to end. */
export class TaskStopped extends MeridianError {
  constructor() {
    super('airflow.stopped', 'Airflow has told this task to end. What was done is kept.', {
      help: 'The next run, or the next try, goes on from there.',
    });
  }

  override get exitCode(): number {
    return 143;
  }
}

export function overTime(seconds: number): MeridianError {
  return new MeridianError('airflow.timeout', `The task has not ended within its execution_timeout of ${seconds} s.`, {
    help: 'What was done is kept, and the next try goes on from there. Raise airflow.executionTimeout, or airflow.partitions.',
  });
}

export function noPlan(step: AirflowStep): ConfigurationError {
  return new ConfigurationError(
    'airflow.no-plan',
    `The task ${step} has not got what the task plan has to leave for it.`,
    {
      help: 'Look at the log of the task plan in the same DAG run; then clear plan, so that all three run again.',
    },
  );
}

/** Another run holds the pipeline. */
export function isLocked(error: unknown): error is ConfigurationError {
  return error instanceof ConfigurationError && error.code === 'state.locked';
}

/** Whether another try could end differently: a mistake of the recipe, or a guard’s objection, stays what it is. */
export function worthAnotherTry(error: unknown, step: AirflowStep): boolean {
  if (isLocked(error)) return true;
  if (error instanceof ConfigurationError || error instanceof GuardError) return false;
  // What failed in the partitions was tried again there.
  return !(step === 'finish' && error instanceof MeridianError && error.code === 'run.failed');
}
