import { resolve } from 'node:path';
import { renderDag } from '../airflow/dag/render-dag.ts';
import { coordinatorAdvice, defaultBundles } from '../airflow/deploy/coordinator-advice.ts';
import { deployDag } from '../airflow/deploy/deploy-dag.ts';
import { removeDag } from '../airflow/deploy/remove-dag.ts';
import { workerNeeds } from '../airflow/deploy/worker-needs.ts';
import { type MadeDeployment, makeDeployment } from '../airflow/make-deployment.ts';
import { defaults } from '../config/defaults.ts';
import { ConfigurationError } from '../errors.ts';
import { type DeploySummary, deployText } from './deploy-text.ts';
import { openRecipe, type RecipeFlags } from './recipe-option.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

export interface RenderFlags extends RecipeFlags {
  readonly output: 'python' | 'json';
}

export interface FolderFlags extends RecipeFlags {
  readonly dags?: string;
  readonly bundles?: string;
  readonly force?: boolean;
  readonly output: 'text' | 'json';
}

export interface RemoveFlags extends FolderFlags {
  readonly dagId?: string;
}

/** The recipe runs elsewhere: what it refers to need not be here. */
async function deploymentOf(flags: RecipeFlags, terminal: Terminal): Promise<MadeDeployment & { stateType: string }> {
  const recipe = await openRecipe(flags, terminal, { readManagedSecrets: false, deferReferences: true });
  return { ...makeDeployment(recipe), stateType: recipe.settings.stateType };
}

/** `meridian airflow render` */
export async function render(flags: RenderFlags, terminal: Terminal): Promise<void> {
  const { deployment } = await deploymentOf(flags, terminal);
  const json = `${JSON.stringify(deployment, null, 2)}\n`;
  await terminal.record(flags.output === 'json' ? json : renderDag(deployment, version()));
}

/** `meridian airflow deploy` */
export async function deploy(flags: FolderFlags, terminal: Terminal): Promise<void> {
  const dags = dagsFolder(flags);
  const { deployment, secrets, stateType } = await deploymentOf(flags, terminal);
  const { settings, recipe, folder } = deployment;
  const { env } = terminal;
  const bundles = resolve(flags.bundles ?? defaultBundles(settings, dags, env));
  const deployed = await deployDag(deployment, {
    dags,
    bundles,
    env,
    version: version(),
    ...(flags.force && { force: true }),
  });
  for (const warning of deployed.warnings) terminal.note(`${terminal.notePalette.yellow('warning:')} ${warning}\n`);
  const summary: DeploySummary = {
    ...deployed,
    form: settings.form,
    connections: secrets.map(({ path, connectionId }) => ({
      id: connectionId,
      path,
      command: fillCommand(connectionId),
    })),
    ...(settings.form !== 'bash' && { airflowCfg: coordinatorAdvice(settings, bundles, env) }),
    workersNeed: workerNeeds(recipe, folder),
    stateType,
  };
  terminal.data(
    flags.output === 'json' ? `${JSON.stringify(summary, null, 2)}\n` : deployText(summary, terminal.dataPalette),
  );
}

/** The secret itself is never part of a line that we print. */
function fillCommand(id: string): string {
  return `airflow connections add ${id} --conn-type generic --conn-password "$${id.toUpperCase()}"`;
}

/** `meridian airflow remove` */
export async function remove(flags: RemoveFlags, terminal: Terminal): Promise<void> {
  const dags = dagsFolder(flags);
  const { dagId, pipeline, queue } = await whatToRemove(flags, terminal);
  const bundles = resolve(flags.bundles ?? defaultBundles({ queue }, dags, terminal.env));
  const files = await removeDag({
    dagId,
    dags,
    bundles,
    ...(pipeline && { pipeline }),
    ...(flags.force && { force: true }),
  });
  if (flags.output === 'json') {
    terminal.data(`${JSON.stringify({ dagId, files }, null, 2)}\n`);
    return;
  }
  for (const { path } of files) terminal.data(`removed    ${path}\n`);
  terminal.note(
    files.length === 0
      ? `There is nothing of DAG ${dagId} in ${dags} or ${bundles}.\n`
      : `Airflow forgets the DAG at its next look; its history stays until “airflow dags delete ${dagId}”.\n`,
  );
}

async function whatToRemove(
  flags: RemoveFlags,
  terminal: Terminal,
): Promise<{ readonly dagId: string; readonly pipeline?: string; readonly queue: string }> {
  if (flags.dagId !== undefined) return { dagId: flags.dagId, queue: defaults.airflow.queue };
  const { deployment } = await deploymentOf(flags, terminal);
  const { dagId, pipeline, settings } = deployment;
  return { dagId, pipeline, queue: settings.queue };
}

function dagsFolder({ dags }: FolderFlags): string {
  if (dags !== undefined) return resolve(dags);
  throw new ConfigurationError('airflow.no-folder', 'It is not said which folder Airflow reads DAGs from.', {
    help: 'Name it with --dags DIR: dags_folder in airflow.cfg.',
  });
}
