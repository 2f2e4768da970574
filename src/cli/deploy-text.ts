import type { CoordinatorAdvice } from '../airflow/deploy/coordinator-advice.ts';
import type { Deployed } from '../airflow/deploy/deploy-dag.ts';
import type { WorkerNeeds } from '../airflow/deploy/worker-needs.ts';
import type { Palette } from './palette.ts';

/** What `meridian airflow deploy` did and what is left to do. */
export interface DeploySummary extends Deployed {
  readonly form: 'auto' | 'native' | 'bash';
  /** Connections that hold what stood in the recipe as secrets, with the command that fills each. */
  readonly connections: readonly { readonly id: string; readonly path: string; readonly command: string }[];
  /** Missing for the form bash. */
  readonly airflowCfg?: CoordinatorAdvice;
  readonly workersNeed: WorkerNeeds;
  readonly stateType: string;
}

/** The summary for people: first what was done, then each thing that is left, with what to copy indented. */
export function deployText(summary: DeploySummary, palette: Palette): string {
  const parts = [
    done(summary),
    secrets(summary),
    ...configuration(summary, palette),
    needs(summary.workersNeed),
    memory(summary),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('');

function done({ files, compiled }: DeploySummary): string {
  const lines = files.map(({ outcome, path }) => `${outcome.padEnd(10)} ${path}\n`);
  return `${lines.join('')}${compiled ? '' : 'No Python here: whether it takes the DAG file has not been tried.\n'}`;
}

function secrets({ connections }: DeploySummary): string {
  if (connections.length === 0) return '';
  const where = connections.map(({ path }) => path).join(', ');
  return `The recipe’s secrets (${where}) went nowhere. Airflow’s connections hold them; fill each once, its value in a variable of your shell:\n${indented(connections.map(({ command }) => command))}`;
}

function configuration({ airflowCfg, form }: DeploySummary, palette: Palette): string[] {
  if (!airflowCfg) return [];
  const { file, sdk, conflict, celeryQueues } = airflowCfg;
  const celery =
    celeryQueues === undefined
      ? ''
      : `With the Celery executor, workers take the queue:\n${indented([`airflow celery worker -q ${celeryQueues}`])}`;
  if (conflict !== undefined) return [`${palette.yellow(conflict)}\n`, celery];
  if (!sdk) return [celery];
  const meanwhile = form === 'auto' ? ' Until then, and before Airflow 3.3, the tasks run by Bash.' : '';
  // Airflow's file has % for itself.
  const cfg = Object.entries(sdk).map(([key, value]) => `${key} = ${value.replaceAll('%', '%%')}`);
  const variables = Object.entries(sdk).map(
    ([key, value]) => `AIRFLOW__SDK__${key.toUpperCase()}='${value.replaceAll("'", `'\\''`)}'`,
  );
  return [
    `For tasks in Node, Airflow’s configuration (${file}) needs these lines:\n${indented(['[sdk]', ...cfg])}or, in the environment of all its parts:\n${indented(variables)}Then restart Airflow.${meanwhile}\n`,
    celery,
  ];
}

function needs({ variables, files, commands }: WorkerNeeds): string {
  const lines = [
    ...(variables.length > 0 ? [`environment: ${variables.join(', ')}`] : []),
    ...(files.length > 0 ? [`files: ${files.join(', ')}`] : []),
    ...(commands.length > 0 ? [`commands: ${commands.join(', ')}`] : []),
  ];
  return lines.length === 0 ? '' : `The recipe refers to these, which each worker needs:\n${indented(lines)}`;
}

function memory({ stateType }: DeploySummary): string {
  return stateType === 'postgres'
    ? ''
    : 'The memory between runs is a SQLite file: each run has one part, and all must run on one machine. With meridian.state in PostgreSQL they spread over workers.\n';
}
