import { readFile, writeFile } from 'node:fs/promises';
import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { ConfigurationError, MeridianError } from '../../errors.ts';
import type { AirflowDeployment, AirflowStep, AirflowTaskInput, AirflowTaskResult } from '../deployment.ts';
import type { LogLevel } from '../wire/task-log.ts';
import { errorText } from './error-words.ts';
import { runStep, type StepResult } from './run-step.ts';
import { TaskStopped, worthAnotherTry } from './task-error.ts';

export interface BashTask {
  readonly step: AirflowStep;
  readonly deployment: AirflowDeployment;
  readonly input: AirflowTaskInput;
  /** File for the result; without one it is the last line of standard output. */
  readonly resultFile?: string;
  /** Holds the connections and variables of the recipe. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Takes lines; masks what it was told to. */
  readonly note: (line: string) => void;
  /** Takes the result as it is. */
  readonly data: (line: string) => Promise<unknown>;
  readonly onRecipe: (recipe: LoadedRecipe) => void;
}

const words: Readonly<Record<LogLevel, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warning: 'WARNING',
  error: 'ERROR',
  critical: 'CRITICAL',
};

/**
 * Runs one task of a DAG as the Bash operator of its file calls it: everything comes in by files and environment, and goes out by
 * a file. Airflow itself keeps the time limit and sends the mail.
 *
 * @returns the exit code: 0, or 1 with the reason in the result
 */
export async function runBashTask(task: BashTask): Promise<number> {
  const { step, deployment, input, env, signal, onRecipe } = task;
  let redact = (text: string): string => text;
  const result = await runStep({
    step,
    deployment,
    input,
    env,
    signal,
    log: (level, text) => {
      if (level !== 'debug') task.note(level === 'info' ? text : `${words[level]}: ${text}`);
    },
    onRecipe: (recipe) => {
      redact = (text) => recipe.redactor.redact(text);
      onRecipe(recipe);
    },
  });
  if (result.error !== undefined) task.note(`ERROR: ${errorText(result.error)}`);
  const json = JSON.stringify(resultOf(result, step, redact));
  if (task.resultFile === undefined) await task.data(json);
  else await writeFile(task.resultFile, json, { mode: 0o600 });
  if (result.error instanceof TaskStopped) return 143;
  return result.error === undefined ? 0 : 1;
}

function resultOf(
  { value, xcoms, error }: StepResult,
  step: AirflowStep,
  redact: (text: string) => string,
): AirflowTaskResult {
  if (error === undefined) return { value, ...(xcoms && { xcoms }) };
  const code = error instanceof MeridianError ? error.code : 'run.unexpected';
  return {
    // The operator returns nothing for a task that failed; the report of a partition counts all the same.
    xcoms: { ...xcoms, ...(value !== undefined && { return_value: value }) },
    error: { code, message: redact(errorText(error)), retry: worthAnotherTry(error, step) },
  };
}

/** @throws ConfigurationError `airflow.input` */
export async function readTaskFile<T>(path: string): Promise<T> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigurationError('airflow.input', `${path} cannot be used for this task: ${code ?? message}.`, {
      help: 'The DAG file of “meridian airflow deploy” writes it; deploy the recipe again.',
    });
  }
}
