import { type OpenMetadataStandIn, startOpenMetadata } from '../../sandbox/openmetadata/start-openmetadata.ts';
import type { ServiceKind } from '../model/records.ts';
import { mergeAsset } from '../reconcile/merge-asset.ts';
import type { AssetType, ColumnNode, DesiredAsset, Label, TargetAsset } from '../reconcile/target-asset.ts';
import { desiredAsset } from './desired-asset.testing.ts';
import { OpenMetadataClient } from './openmetadata-client.ts';
import { OpenMetadataTarget } from './openmetadata-target.ts';

export const signal = new AbortController().signal;
/** Versions at which something of what the target does changes. */
export const versions = ['1.1.0', '1.2.0', '1.4.0', '1.5.0', '1.9.0', '1.11.0', '1.13.0'];

export const minorOf = (version: string): number => Number(version.split('.')[1]);

export const tag: Label = { tagFQN: 'Atlas.PII', source: 'Classification', labelType: 'Automated' };
export const term: Label = { tagFQN: 'Business.Customer', source: 'Glossary', labelType: 'Automated' };

/** One of each kind with all that a source can say of it, parents first. */
export const samples: readonly DesiredAsset[] = [
  desiredAsset('glossary', '', 'Business', { description: 'words of the business' }),
  desiredAsset('glossaryTerm', 'Business', 'Customer', { lists: { synonyms: ['client', 'buyer'] } }),
  desiredAsset('glossaryTerm', 'Business.Customer', 'Key account', {
    description: 'a large customer',
    attributes: { references: [{ name: 'wiki', endpoint: 'http://wiki.example/key?a=50%#one#two words' }] },
    lists: { synonyms: ['VIP'], relatedTerms: ['Business.Customer'] },
  }),
  desiredAsset('database', 'hive', 'default'),
  desiredAsset('databaseSchema', 'hive.default', 'sales', { tags: [tag] }),
  desiredAsset('table', 'hive.default.sales', 'customers', {
    tableType: 'External',
    columns: [
      { name: 'id', dataType: 'BIGINT', dataTypeDisplay: 'bigint', constraint: 'PRIMARY_KEY' },
      { name: 'place', dataType: 'HLL', dataTypeDisplay: 'hll' },
      { name: 'name', dataType: 'VARCHAR', dataTypeDisplay: 'varchar', tags: [tag, term] },
    ],
  }),
  desiredAsset('topic', 'kafka', 'orders.v1', {
    description: 'orders as they come',
    tags: [tag, term],
    attributes: {
      partitions: 3,
      replicationFactor: 2,
      retentionTime: 86_400_000,
      retentionSize: 1e9,
      maximumMessageSize: 1_000_000,
      cleanupPolicies: ['compact'],
      schemaType: 'Avro',
      schemaText: '{"type":"record"}',
    },
    columns: [
      {
        name: 'Order',
        dataType: 'RECORD',
        tags: [term],
        children: [
          { name: 'id', dataType: 'LONG', description: 'key', tags: [tag] } as ColumnNode,
          { name: 'odd', dataType: 'DECIMAL' },
        ],
      },
      { name: 'note', dataType: 'UNION', dataTypeDisplay: 'union<null,string>', description: 'what else' },
    ],
  }),
  desiredAsset('container', 'lake', 'raw', { attributes: { fullPath: 's3a://raw/', prefix: '/', size: 12.5 } }),
  desiredAsset('container', 'lake.raw', 'year=2023', {
    tags: [tag],
    attributes: {
      fullPath: 's3a://raw/year=2023/',
      prefix: '/year=2023/',
      numberOfObjects: 4,
      fileFormats: ['parquet', 'orc'],
    },
    columns: [
      { name: 'id', dataType: 'INT', dataTypeDisplay: 'int', tags: [tag] },
      { name: 'code', dataType: 'CHAR', dataTypeDisplay: 'char' },
    ],
  }),
  desiredAsset('pipeline', 'etl', 'load', {
    description: 'loads orders',
    attributes: { sourceUrl: 'http://atlas.example/#!/detailPage/1' },
    columns: [
      {
        name: 'insert',
        displayName: 'insert into orders',
        dataType: 'hive',
        description: 'first',
        tags: [tag],
        attributes: { taskSQL: 'insert', downstreamTasks: ['check'], startDate: 1_700_000_000_000, endDate: 1e12 },
      },
      { name: 'check', dataType: '', attributes: { downstreamTasks: [] } },
    ],
  }),
  desiredAsset('mlmodel', 'ml', 'churn', {
    attributes: {
      algorithm: 'XGBoost',
      target: 'churned',
      server: 'http://ml.example',
      storage: 's3://models/churn',
      mlHyperParameters: [{ name: 'depth', value: '5' }],
    },
    columns: [
      { name: 'age', dataType: 'numerical', description: 'in years', tags: [term] },
      { name: 'town', dataType: '' },
    ],
  }),
];
const services: readonly (readonly [ServiceKind, string, string])[] = [
  ['databaseService', 'hive', 'Hive'],
  ['messagingService', 'kafka', 'Kafka'],
  ['storageService', 'lake', 'GCS'],
  ['pipelineService', 'etl', 'Airflow'],
  ['mlmodelService', 'ml', 'Sklearn'],
];
export const kinds: readonly AssetType[] = [...new Set(samples.map(({ entityType }) => entityType))];

export interface Session {
  readonly target: OpenMetadataTarget;
  readonly client: OpenMetadataClient;
}

/** A filled stand-in, and who speaks to it. */
export interface FilledServer {
  readonly bot: Session;
  /** An administrator. */
  readonly person: Session;
  /** The bot's. */
  readonly target: OpenMetadataTarget;
  /** @throws when it is not there */
  read(type: AssetType, fqn: string): Promise<TargetAsset>;
  close(): Promise<void>;
}

/** Starts a strict stand-in of a version, with services, tags and the samples. */
export async function startFilled(version: string): Promise<FilledServer> {
  const server = await startOpenMetadata({ version, strict: true });
  const bot = await connect(server, server.botToken);
  const person = await connect(server, server.adminToken);
  const { target } = bot;
  await fill(target);
  return {
    bot,
    person,
    target,
    read: async (type, fqn) => {
      const held = await target.readAsset(type, { fqn });
      if (!held) throw new Error(`${version} does not hold the ${type} ${fqn}`);
      return held;
    },
    close: async () => {
      await bot.client.close();
      await person.client.close();
      await server.close();
    },
  };
}

async function connect(server: OpenMetadataStandIn, jwtToken: string): Promise<Session> {
  const client = new OpenMetadataClient({
    hostPort: server.url,
    authProvider: 'openmetadata',
    securityConfig: { jwtToken },
  });
  await client.connect(signal);
  return { client, target: new OpenMetadataTarget(client, signal) };
}

/** Services, tags and one asset of each kind. */
async function fill(target: OpenMetadataTarget): Promise<void> {
  for (const [kind, name, serviceType] of services) await target.createService(kind, name, serviceType, {});
  await target.createClassification('Atlas', 'from Atlas');
  await target.createTag({ classification: 'Atlas', name: 'PII', description: 'personal' });
  for (const sample of samples) await target.putAsset(sample);
}

/** What reconcile would do with an asset that the target holds like this. */
export function verdict(target: OpenMetadataTarget, sample: DesiredAsset, held: TargetAsset | undefined): unknown {
  const merged = mergeAsset({
    desired: target.fit(sample),
    target: held,
    base: {},
    history: 'none',
    policy: { mode: 'create', override: false, ownClassifications: ['Atlas'], takenOver: () => undefined },
  });
  return merged === 'needs-history' ? merged : { action: merged.action, fields: merged.fields };
}

// Strict: a key that a version does not know is refused, as the real 1.1 does.
