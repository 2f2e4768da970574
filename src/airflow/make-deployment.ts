import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LoadedRecipe } from '../config/load-recipe.ts';
import type { Recipe } from '../schema/generated/recipe.ts';
import { airflowReferences } from './airflow-references.ts';
import { airflowSettings, dagIdOf } from './airflow-settings.ts';
import type { AirflowDeployment } from './deployment.ts';
import { type ReplacedSecret, replaceSecrets } from './replace-secrets.ts';

export interface MadeDeployment {
  readonly deployment: AirflowDeployment;
  /** What has to be put into Airflow's connections. */
  readonly secrets: readonly ReplacedSecret[];
}

/**
 * What goes to Airflow of a recipe that was loaded with `deferReferences`.
 *
 * @throws ConfigurationError `airflow.mixed-secret`
 */
export function makeDeployment(loaded: LoadedRecipe): MadeDeployment {
  const { airflow: _block, ...written } = loaded.written;
  const dagId = dagIdOf(loaded.config);
  const folder = resolve(loaded.settings.recipeDirectory);
  const { recipe, secrets } = replaceSecrets(written, dagId, folder);
  const pipeline = pipelineOf(recipe as unknown as Recipe, loaded.settings);
  const settings = airflowSettings(loaded.config);
  return {
    deployment: {
      deploymentVersion: 1,
      dagId,
      pipeline,
      command: loaded.config.airflow?.command ?? thisInstallation(),
      folder,
      recipe,
      ...(loaded.settings.profiler && { work: 'profile' as const }),
      ...airflowReferences(recipe),
      // As Airflow itself would write it: in another form (no path, a slash at the end) it would not know it again.
      asset: { name: dagId, uri: `meridian://dags/${dagId}` },
      settings,
    },
    secrets,
  };
}

/** By what is written, not by what a reference stands for here: it is the same wherever it is deployed from. */
function pipelineOf(recipe: Recipe, { sourceType, profiler }: LoadedRecipe['settings']): string {
  if (recipe.ingestionPipelineFQN !== undefined) return recipe.ingestionPipelineFQN;
  const { hostPort } = recipe.workflowConfig.openMetadataServerConfig;
  const host = URL.canParse(hostPort) ? new URL(hostPort).host : hostPort;
  return `${host}/${sourceType.toLowerCase()}/${recipe.source.serviceName}${profiler ? '/profile' : ''}`;
}

/** The Node that runs this, and `bin/meridian.mjs` of this package, from its sources or as it was built. */
function thisInstallation(): readonly string[] {
  const root = dirname(dirname(import.meta.dirname));
  const program = [root, dirname(root)].map((folder) => join(folder, 'bin', 'meridian.mjs'));
  return [process.execPath, program.find((path) => existsSync(path)) ?? program[0]!];
}
