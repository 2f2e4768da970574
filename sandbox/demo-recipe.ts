import type { Sandbox } from './start-sandbox.ts';

/** Names the token in the demo's recipe; the recipe itself holds no secret. */
export const tokenVariable = 'OPENMETADATA_TOKEN';

/** The recipe of `npm start`: the Hive tables of the sample warehouse into an empty OpenMetadata. */
export function demoRecipe({ atlas, openmetadata }: Pick<Sandbox, 'atlas' | 'openmetadata'>): object {
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
          messagingServiceName: [],
          entity_type: 'hive_table',
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: openmetadata.url,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: `\${env:${tokenVariable}}` },
      },
    },
    meridian: { mode: 'create' },
  };
}
