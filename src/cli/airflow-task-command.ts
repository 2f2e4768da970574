import { type Command, Option } from 'commander';
import {
  type AirflowDeployment,
  type AirflowStep,
  type AirflowTaskInput,
  airflowSteps,
} from '../airflow/deployment.ts';
import { ConfigurationError } from '../errors.ts';
import type { CommandContext } from './command-context.ts';

interface TaskFlags {
  readonly bundle?: string;
  readonly deployment?: string;
  readonly input?: string;
  readonly result?: string;
  readonly comm?: string;
  readonly logs?: string;
}

/** `meridian airflow task`: what a DAG's tasks call. People use `ingest`. */
export function configureAirflowTask(command: Command, context: CommandContext): void {
  command
    .argument('[step]', `one of ${airflowSteps.join(', ')}; where Airflow runs it natively, it says which`)
    .option('--bundle <file>', 'task bundle that holds the deployment')
    .option('--deployment <file>', 'the deployment as JSON, in place of a bundle')
    .option('--input <file>', 'what the step gets, as JSON')
    .option('--result <file>', 'where its result goes; standard output unless set')
    .addOption(new Option('--comm <host:port>', 'where Airflow’s supervisor listens').hideHelp())
    .addOption(new Option('--logs <host:port>', 'where it takes the log').hideHelp())
    .action((step: string | undefined, flags: TaskFlags) => runTask(step, flags, context));
}

async function runTask(step: string | undefined, flags: TaskFlags, context: CommandContext): Promise<void> {
  const { env } = context.terminal;
  if (flags.comm !== undefined && flags.logs !== undefined) {
    const { runNativeTask } = await import('../airflow/task/run-native-task.ts');
    const code = await runNativeTask({
      deployment: () => deploymentOf(flags),
      comm: flags.comm,
      logs: flags.logs,
      env,
    });
    // Work that did not end in time would keep the process, and Airflow waits for it.
    process.exit(code);
  }
  const name = airflowSteps.find((each) => each === step);
  if (name === undefined) {
    throw new ConfigurationError('airflow.unknown-task', `There is no task “${step ?? ''}”.`, {
      help: `Give one of ${airflowSteps.join(', ')}; where Airflow runs a task natively, it says which by --comm.`,
    });
  }
  context.exitCode = await runByFiles(name, await deploymentOf(flags), flags, context);
}

async function runByFiles(
  step: AirflowStep,
  deployment: AirflowDeployment,
  flags: TaskFlags,
  { terminal }: CommandContext,
): Promise<number> {
  const { readTaskFile, runBashTask } = await import('../airflow/task/run-bash-task.ts');
  const { TaskStopped } = await import('../airflow/task/task-error.ts');
  const { onStopSignals } = await import('./stop-signals.ts');
  if (flags.input === undefined) {
    throw new ConfigurationError('airflow.input', 'It is not said what this task gets.', {
      help: 'Name the file with --input; the DAG file of “meridian airflow deploy” writes it.',
    });
  }
  const input = await readTaskFile<AirflowTaskInput>(flags.input);
  const abort = new AbortController();
  const signals = onStopSignals(() => abort.abort(new TaskStopped()));
  try {
    return await runBashTask({
      step,
      deployment,
      input,
      env: terminal.env,
      signal: abort.signal,
      note: (line) => terminal.note(`${line}\n`),
      data: (line) => terminal.record(`${line}\n`),
      onRecipe: ({ redactor }) => terminal.redactWith(redactor),
      ...(flags.result !== undefined && { resultFile: flags.result }),
    });
  } finally {
    signals.release();
  }
}

async function deploymentOf({ bundle, deployment: file }: TaskFlags): Promise<AirflowDeployment> {
  if (bundle !== undefined) {
    const { readBundle } = await import('../airflow/bundle/read-bundle.ts');
    return checked((await readBundle(bundle)).deployment, bundle);
  }
  if (file !== undefined) {
    const { readTaskFile } = await import('../airflow/task/run-bash-task.ts');
    return checked(await readTaskFile<AirflowDeployment>(file), file);
  }
  throw new ConfigurationError('airflow.input', 'It is not said what was deployed.', {
    help: 'Name the task bundle with --bundle; “meridian airflow deploy” writes it.',
  });
}

function checked(deployment: AirflowDeployment, file: string): AirflowDeployment {
  if (deployment.deploymentVersion === 1) return deployment;
  throw new ConfigurationError('airflow.input', `${file} was deployed by another version of Meridian.`, {
    help: 'Deploy the recipe again with the version that the workers have.',
  });
}
