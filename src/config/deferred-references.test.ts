import { expect, it } from 'vitest';
import { loadRecipe } from './load-recipe.ts';
import { RecipeError } from './recipe-error.ts';

const recipe = (hostPort: string, jwtToken: string) => ({
  source: {
    type: 'Atlas',
    serviceName: 'local_atlas',
    serviceConnection: {
      config: {
        hostPort,
        username: 'reader',
        password: '${exec:touch ran}',
        databaseServiceName: ['h'],
        entity_type: 'Table',
      },
    },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
  },
  sink: { type: 'metadata-rest' },
  workflowConfig: { openMetadataServerConfig: { hostPort: 'http://om.example/api', securityConfig: { jwtToken } } },
  meridian: { concurrency: '${env:CONCURRENCY}' },
});
const options = { env: {}, deferReferences: true, allowExec: true };

it('a recipe that runs elsewhere keeps the references that have no value here, and runs no command', async () => {
  const given = recipe('${env:ATLAS_URL}', '${airflow:conn:om.password}');
  const { config, written, secrets, warnings } = await loadRecipe(given, options);
  expect(written).toEqual(given);
  expect(config.source.serviceConnection.config).toMatchObject({
    hostPort: '${env:ATLAS_URL}',
    password: '${exec:touch ran}',
  });
  expect(secrets.filter((secret) => secret.startsWith('${'))).toEqual([]);
  expect(warnings).toEqual([]);
});

it('what is wrong everywhere is told all the same', async () => {
  const error = await loadRecipe(recipe('no address', '${airflow:om.password}'), options).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RecipeError);
  expect((error as RecipeError).problems.map(({ path }) => path).sort()).toEqual([
    'source.serviceConnection.config.hostPort',
    'workflowConfig.openMetadataServerConfig.securityConfig.jwtToken',
  ]);
});
