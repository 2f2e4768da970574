import { connections, type SourceType } from '../../../../src/schema/connections.ts';
import type { PipelineInput } from '../../../../src/server/console-api/console-types.ts';
import { isTree, type Tree } from '../../form/path.ts';

/** What a new pipeline begins with: the shortest recipe that says everything which has to be said. */
export const newPipeline: PipelineInput = {
  id: '',
  pipelineType: 'metadata',
  recipe: {
    source: {
      type: 'Atlas',
      serviceName: '',
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: 'http://localhost:21000',
          username: '',
          password: '',
          databaseServiceName: [],
          messagingServiceName: [],
          entity_type: 'DataSet',
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: 'http://localhost:8585/api',
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: '' },
      },
    },
  },
  schedule: { cron: '0 2 * * *', timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, catchup: false },
  retries: 1,
  retryDelaySeconds: 300,
  timeoutSeconds: 12 * 3600,
  maxActiveRuns: 1,
  enabled: true,
};

/** `Bakery, every night` → `bakery_every_night`: an id that engines and file systems take. */
export function idFrom(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 100);
}

/** A connection of another kind, with what both kinds have. */
export function connectionOf(type: SourceType, before: unknown): Tree {
  const known = Object.keys(connections[type]['properties'] as object);
  const kept = isTree(before) ? Object.entries(before).filter(([key]) => known.includes(key)) : [];
  return { ...Object.fromEntries(kept), type };
}
