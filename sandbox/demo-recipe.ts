import type { Sandbox } from './start-sandbox.ts';

/** Names the token in the demo's recipe; the recipe itself holds no secret. */
export const tokenVariable = 'OPENMETADATA_TOKEN';

/** The recipe of `npm start`: all of the sample warehouse into an empty OpenMetadata. */
export function demoRecipe(sandbox: Pick<Sandbox, 'atlas' | 'openmetadata'>): object {
  return recipeFor(sandbox, 'DatabaseMetadata');
}

/** The same tables once more: what Atlas' statistics say of their rows and columns. */
export function demoProfileRecipe(sandbox: Pick<Sandbox, 'atlas' | 'openmetadata'>): object {
  return recipeFor(sandbox, 'Profiler');
}

function recipeFor({ atlas, openmetadata }: Pick<Sandbox, 'atlas' | 'openmetadata'>, type: string): object {
  return {
    source: {
      type: 'Atlas',
      serviceName: 'bakery_atlas',
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: atlas.url,
          username: 'admin',
          password: 'admin',
          databaseServiceName: ['bakery_hive'],
          messagingServiceName: ['bakery_kafka'],
          entity_type: 'DataSet',
        },
      },
      sourceConfig: { config: { type } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: openmetadata.url,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: `\${env:${tokenVariable}}` },
      },
    },
    meridian: {
      mode: 'create',
      pipelines: true,
      services: {
        'rdbms@tills-pg': 'bakery_tills',
        paths: 'bakery_hdfs',
        s3: 'bakery_s3',
        avro: 'bakery_schemas',
        ml: 'bakery_models',
        pipelines: 'bakery_jobs',
        custom: 'bakery_school',
      },
    },
  };
}
