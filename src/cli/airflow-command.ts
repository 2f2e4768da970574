import { type Command, Option } from 'commander';
import type { FolderFlags, RemoveFlags, RenderFlags } from './airflow-deploy.ts';
import { configureAirflowTask } from './airflow-task-command.ts';
import type { CommandContext } from './command-context.ts';
import { addRecipeOption } from './recipe-option.ts';

/** The parts load what they need when they are called: a task of Airflow begins here, too, and shall begin soon. */
export function configureAirflow(command: Command, context: CommandContext): void {
  const { terminal } = context;
  addRecipeOption(command.command('render').description('Print the DAG file that a deploy would write.'))
    .addOption(
      new Option('-o, --output <format>', 'the DAG file as python, or what it and the bundle hold as json')
        .choices(['python', 'json'])
        .default('python'),
    )
    .action(async (flags: RenderFlags) => (await import('./airflow-deploy.ts')).render(flags, terminal));
  addFolders(addRecipeOption(command.command('deploy').description('Write the recipe’s DAG file and task bundle.')))
    .option('--force', 'replace a DAG file of ours that somebody has changed by hand')
    .action(async (flags: FolderFlags) => (await import('./airflow-deploy.ts')).deploy(flags, terminal));
  addFolders(addRecipeOption(command.command('remove').description('Take a DAG file and its task bundle away.')))
    .option('--dag-id <id>', 'of this DAG, without a recipe')
    .option('--force', 'also a DAG file of ours that somebody has changed by hand')
    .action(async (flags: RemoveFlags) => (await import('./airflow-deploy.ts')).remove(flags, terminal));
  configureAirflowTask(
    command.command('task').description('Run a task of a DAG: what Airflow calls. People use “ingest”.'),
    context,
  );
}

function addFolders(command: Command): Command {
  return command
    .option('--dags <folder>', 'that Airflow reads DAGs from')
    .option(
      '--bundles <folder>',
      'of the task bundles; that of airflow.cfg, else meridian-bundles beside the DAGs folder',
    )
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'));
}
