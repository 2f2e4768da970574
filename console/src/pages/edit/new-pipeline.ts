import { connections, type SourceType } from '../../../../src/schema/connections.ts';
import { type SourceConfigType, sourceConfigs } from '../../../../src/schema/source-configs.ts';
import type { PipelineInput } from '../../../../src/server/console-api/console-types.ts';
import { getAt, isTree, type Path, setAt, type Tree } from '../../form/path.ts';

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

/** Where servers usually are: what a new connection begins with. */
const usualPlaces: Partial<Record<SourceType, string>> = {
  Atlas: 'http://localhost:21000',
  Postgres: 'localhost:5432',
  Trino: 'localhost:8080',
  OpenMetadata: 'http://localhost:8585/api',
};

/** A connection of another kind, with what both kinds have. */
export function connectionOf(type: SourceType, before: unknown): Tree {
  const kept = sharedKeys(before, connections[type]);
  const place = usualPlaces[type];
  const isUntouched =
    kept['hostPort'] === undefined || Object.values(usualPlaces).some((at) => at === kept['hostPort']);
  return { ...kept, type, ...(place !== undefined && isUntouched && { hostPort: place }) };
}

const sourceConfigPath: Path = ['source', 'sourceConfig', 'config'];

/** The same recipe for something else, with the settings that both have. */
export function withKind(recipe: Tree, kind: SourceConfigType): Tree {
  const kept = sharedKeys(getAt(recipe, sourceConfigPath), sourceConfigs[kind]);
  return setAt(recipe, sourceConfigPath, { ...kept, type: kind }) as Tree;
}

/** What is empty says nothing that another kind would have to keep. */
function sharedKeys(before: unknown, schema: Tree): Tree {
  const known = Object.keys(schema['properties'] as object);
  const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0);
  const entries = isTree(before) ? Object.entries(before) : [];
  return Object.fromEntries(entries.filter(([key, value]) => known.includes(key) && !isEmpty(value)));
}
