import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { secretKeys } from '../config/secret-keys.ts';
import { atlasConnection } from '../connectors/atlas/atlas-connection.ts';
import { openMetadataSpec } from '../connectors/openmetadata/openmetadata-spec.ts';
import { postgresConnection } from '../connectors/postgres/postgres-connection.ts';
import { trinoConnection } from '../connectors/trino/trino-connection.ts';
import { autoClassificationPipeline } from './auto-classification-pipeline.ts';
import { sourceTypes } from './connections.ts';
import { databaseMetadata } from './database-metadata.ts';
import { openMetadataConnection } from './openmetadata-connection.ts';
import type { JsonSchema } from './parts.ts';
import { profilerPipeline } from './profiler-pipeline.ts';
import { getSchema, schemaNames } from './schemas.ts';
import { tokenSignIn } from './sign-ins.ts';
import { sourceConfigTypes } from './source-configs.ts';
import { workflow, workflowOf } from './workflow.ts';

type Node = { readonly [key: string]: unknown };

const official = join(import.meta.dirname, '../../../shared/openmetadata/schemas');
const there = existsSync(official);
if (!there) console.warn('Skipped: the official schemas are not beside the repository.');

/** A part of an official schema, its references followed, with the file that it stands in. */
function part(file: string, pointer: readonly string[]): { file: string; node: Node } {
  const whole = JSON.parse(readFileSync(join(official, file), 'utf8')) as Node;
  let at = { file, node: whole };
  for (const step of pointer) {
    at = { file: at.file, node: at.node[step] as Node };
    while (typeof at.node['$ref'] === 'string') {
      const [target = '', inner = ''] = at.node['$ref'].split('#');
      const next = target === '' ? at.file : join(dirname(at.file), target);
      at = part(next, inner.split('/').filter(Boolean));
    }
  }
  return at;
}

const propertiesOf = (node: Node): Node => (node['properties'] ?? {}) as Node;
const namesOf = (node: Node): string[] => Object.keys(propertiesOf(node)).sort();
const inner = (schema: JsonSchema, ...path: string[]): JsonSchema =>
  path.reduce((at, name) => propertiesOf(at)[name] as JsonSchema, schema);

interface Case {
  readonly name: string;
  readonly ours: JsonSchema;
  readonly file: string;
  readonly pointer?: readonly string[];
  /** Ours only: keys of earlier or later versions, and our own. */
  readonly more?: readonly string[];
  /** Keys that a run cannot do without although the official schema leaves them open. */
  readonly alsoRequired?: readonly string[];
  /** Keys that the official schema needs and we do not. */
  readonly notRequired?: readonly string[];
  /** Another type than the official one. */
  readonly types?: Readonly<Record<string, unknown>>;
  /** Another default than the official one, or one where it has none. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

const workflowFile = 'metadataIngestion/workflow.json';
const atlasFile = 'entity/services/connections/metadata/atlasConnection.json';
const postgresFile = 'entity/services/connections/database/postgresConnection.json';
const trinoFile = 'entity/services/connections/database/trinoConnection.json';
const serverFile = 'entity/services/connections/metadata/openMetadataConnection.json';
const pipelineFile = 'metadataIngestion/databaseServiceMetadataPipeline.json';
const client = (name: string): string => `security/client/${name}.json`;
const config = ['properties', 'openMetadataWorkflowConfig'];
const component = (name: string): Pick<Case, 'file' | 'pointer'> => ({
  file: workflowFile,
  pointer: ['definitions', name],
});

const cases: readonly Case[] = [
  {
    name: 'Atlas connection',
    ours: atlasConnection,
    file: atlasFile,
    // Needed where one signs in with them.
    notRequired: ['username', 'password'],
  },
  {
    name: 'Trino connection',
    ours: trinoConnection,
    file: trinoFile,
    // Any of several forms there too.
    types: { proxies: 'object' },
  },
  {
    name: 'Postgres connection',
    ours: postgresConnection,
    file: postgresFile,
    // Choices among several forms there.
    types: { authType: 'object', sslConfig: 'object', queryStatementSource: 'string' },
  },
  {
    name: 'sign-in at AWS',
    ours: inner(postgresConnection, 'authType', 'awsConfig'),
    file: 'security/credentials/awsCredentials.json',
  },
  {
    name: 'sign-in at Azure',
    ours: inner(postgresConnection, 'authType', 'azureConfig'),
    file: 'security/credentials/azureCredentials.json',
  },
  {
    name: 'certificates of PostgreSQL',
    ours: inner(postgresConnection, 'sslConfig'),
    file: 'security/ssl/validateSSLClientConfig.json',
  },
  {
    name: 'DatabaseMetadata',
    ours: databaseMetadata,
    file: pipelineFile,
    // 1.0 and 1.1; 1.1; a patch of 1.12.
    more: ['markAllDeletedTables', 'viewParsingTimeoutLimit', 'includeCustomProperties'],
  },
  {
    name: 'Profiler',
    ours: profilerPipeline,
    file: 'metadataIngestion/databaseServiceProfilerPipeline.json',
    more: [
      // 1.2 to 1.5.
      'computeMetrics',
      // Until 1.5; then in a pipeline of its own.
      'generateSampleData',
      'sampleDataCount',
      'processPiiSensitive',
      'confidence',
      // Late patches of 1.13.
      'profileSampleConfig',
    ],
    // A recipe without a type carries metadata.
    alsoRequired: ['type'],
    // A page's empty field; one engine of two there.
    types: { profileSample: ['number', 'null'], processingEngine: 'object' },
    // As earlier versions had it; the list of 1.13 is not all that an empty one stands for.
    defaults: { threadCount: 5, metrics: [] },
  },
  {
    name: 'AutoClassification',
    ours: autoClassificationPipeline,
    file: 'metadataIngestion/databaseServiceAutoClassificationPipeline.json',
    alsoRequired: ['type'],
  },
  {
    name: 'incremental',
    ours: inner(databaseMetadata, 'incremental'),
    file: pipelineFile,
    pointer: ['definitions', 'incremental'],
  },
  { name: 'owners by level', ours: inner(databaseMetadata, 'ownerConfig'), file: 'type/ownerConfig.json' },
  {
    name: 'filter pattern',
    ours: inner(databaseMetadata, 'tableFilterPattern'),
    file: 'type/filterPattern.json',
    pointer: ['definitions', 'filterPattern'],
  },
  {
    name: 'OpenMetadata connection',
    ours: openMetadataConnection,
    file: serverFile,
    // Our sign-in needs a token, which “basic” on its own never had.
    defaults: { authProvider: 'openmetadata' },
    // A choice among one form there.
    types: { sslConfig: 'object' },
  },
  {
    name: 'OpenMetadata connection of a source',
    ours: openMetadataSpec.connection,
    file: serverFile,
    // Which services are read, and one kind more of them.
    more: [
      'databaseServiceName',
      'messagingServiceName',
      'storageServiceName',
      'pipelineServiceName',
      'mlmodelServiceName',
      'includeContainers',
    ],
    defaults: { authProvider: 'openmetadata' },
    types: { sslConfig: 'object' },
  },
  {
    name: 'certificates',
    ours: inner(openMetadataConnection, 'sslConfig'),
    file: 'security/ssl/validateSSLClientConfig.json',
  },
  {
    name: 'search sink',
    ours: inner(openMetadataConnection, 'elasticsSearch'),
    file: serverFile,
    pointer: ['properties', 'elasticsSearch'],
  },
  {
    name: 'workflow',
    ours: workflow,
    file: workflowFile,
    pointer: config,
    more: ['airflow', 'meridian'],
    alsoRequired: ['sink'],
  },
  {
    name: 'source',
    ours: inner(workflow, 'source'),
    ...component('source'),
    // Connections that a server has stored are not fetched, and the service's name is what state is kept under.
    alsoRequired: ['serviceName', 'serviceConnection'],
    // One of many connections there.
    types: { serviceConnection: 'object' },
  },
  {
    name: 'sourceConfig',
    ours: inner(workflow, 'source', 'sourceConfig'),
    ...component('sourceConfig'),
    alsoRequired: ['config'],
    // One of twenty pipelines there.
    types: { config: 'object' },
  },
  {
    name: 'sink',
    ours: inner(workflow, 'sink'),
    ...component('sink'),
    // “config:” with nothing behind it is null in YAML.
    types: { config: ['object', 'null'] },
  },
  {
    name: 'processor',
    ours: inner(workflow, 'processor'),
    ...component('processor'),
  },
  { name: 'stage', ours: inner(workflow, 'stage'), ...component('stage') },
  { name: 'bulkSink', ours: inner(workflow, 'bulkSink'), ...component('bulkSink') },
  {
    name: 'workflowConfig',
    ours: inner(workflow, 'workflowConfig'),
    ...component('workflowConfig'),
    // A percentage may be broken.
    types: { successThreshold: 'number' },
  },
  { name: 'sign-in with a token', ours: tokenSignIn, file: client('openMetadataJWTClientConfig') },
  { name: 'sign-in at Auth0', ours: signIn('auth0'), file: client('auth0SSOClientConfig') },
  { name: 'sign-in at Azure', ours: signIn('azure'), file: client('azureSSOClientConfig') },
  {
    name: 'sign-in by OpenID Connect',
    ours: signIn('custom-oidc'),
    file: client('customOidcSSOClientConfig'),
    // The documented recipes have a domain there: one of the two is needed.
    more: ['domain'],
    notRequired: ['tokenEndpoint'],
  },
  { name: 'sign-in at Google', ours: signIn('google'), file: client('googleSSOClientConfig') },
  { name: 'sign-in at Okta', ours: signIn('okta'), file: client('oktaSSOClientConfig') },
];

function signIn(name: string): JsonSchema {
  return getSchema(`sign-in-${name}`)!;
}

/** Values of ours that are fine where the official schema has none of them. */
const earlierWords: Readonly<Record<string, readonly string[]>> = {
  // Until 1.2; until 1.2.
  authProvider: ['no-auth'],
  secretsManagerProvider: ['noop'],
};

function defaultOf(file: string, pointer: readonly string[], name: string): unknown {
  const { node } = part(file, pointer);
  return (propertiesOf(node)[name] as Node)['default'] ?? part(file, [...pointer, 'properties', name]).node['default'];
}

describe.skipIf(!there).each(cases)('$name beside the official schema', ({ ours, file, pointer = [], ...but }) => {
  const names = there ? namesOf(part(file, pointer).node) : [];

  it('has its keys', () => {
    expect(namesOf(ours)).toEqual([...names, ...(but.more ?? [])].sort());
  });

  it('needs the same keys', () => {
    const required = (part(file, pointer).node['required'] ?? []) as readonly string[];
    const expected = [...required, ...(but.alsoRequired ?? [])].filter((key) => !but.notRequired?.includes(key));
    expect([...((ours['required'] ?? []) as readonly string[])].sort()).toEqual(expected.sort());
  });

  it('is as closed', () => {
    expect(ours['additionalProperties']).toBe(part(file, pointer).node['additionalProperties'] ?? false);
  });

  it.each(names)('%s has the same type, words and default', (name) => {
    const { node } = part(file, [...pointer, 'properties', name]);
    const mine = propertiesOf(ours)[name] as Node;
    expect(mine['type']).toEqual(but.types?.[name] ?? node['type']);
    const words = node['enum'] as readonly string[] | undefined;
    if (words) {
      expect([...(mine['enum'] as readonly string[])].sort()).toEqual([...words, ...(earlierWords[name] ?? [])].sort());
    }
    expect(mine['default']).toEqual(but.defaults?.[name] ?? defaultOf(file, pointer, name));
    for (const limit of ['minimum', 'maximum'].filter((key) => node[key] !== undefined)) {
      expect(mine[limit]).toBe(node[limit]);
    }
    const items = node['items'] as Node | undefined;
    if (items) {
      const official = part(file, [...pointer, 'properties', name, 'items']).node;
      expect((mine['items'] as Node)['type']).toBe(official['type']);
    }
  });
});

describe('our own schemas', () => {
  it.each(schemaNames)('%s is a JSON Schema that compiles', (name) => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    expect(ajv.validateSchema(getSchema(name)!)).toBe(true);
    expect(() => ajv.compile(getSchema(name)!)).not.toThrow();
  });

  it('mark as passwords exactly what is treated as a secret', () => {
    const marked = schemaNames.flatMap((name) => [...passwordsIn(getSchema(name)!)]);
    expect(new Set(marked)).toEqual(new Set(secretKeys));
  });

  const kinds = sourceTypes.flatMap((type) => sourceConfigTypes.map((pipeline) => [type, pipeline] as const));

  it.each(kinds)('say what every key of a recipe for %s and %s means', (type, pipeline) => {
    const silent = [...describedKeys(workflowOf(type, pipeline), '')].filter(
      ([, description]) => !/\w{4}/.test(description),
    );
    expect(silent).toEqual([]);
  });
});

describe('the schema of recipes, as editors use it', () => {
  const check = new Ajv({ strict: false, validateFormats: false }).compile(workflow);
  const recipe = (type: string, config: object) => ({
    source: { type, serviceName: 's', serviceConnection: { config }, sourceConfig: { config: {} } },
    sink: { type: 'metadata-rest' },
    workflowConfig: { openMetadataServerConfig: { hostPort: 'http://om:8585/api', securityConfig: { jwtToken: 't' } } },
  });

  it('takes a recipe whose connection is that of its source', () => {
    expect(check(recipe('Atlas', { username: 'u', password: 'p', entity_type: 'hive_table' }))).toBe(true);
  });

  it('takes a recipe whose filters and processor are those of its pipeline', () => {
    const profiler = (config: object, processor?: object) => {
      const { source, ...rest } = recipe('Atlas', { username: 'u', password: 'p', entity_type: 'hive_table' });
      return { ...rest, source: { ...source, sourceConfig: { config } }, ...(processor && { processor }) };
    };
    const orm = { type: 'orm-profiler', config: { tableConfig: [{ fullyQualifiedName: 's.d.h.t' }] } };
    expect(check(profiler({ type: 'Profiler', profileSample: 50 }, orm))).toBe(true);
    expect(check(profiler({ type: 'AutoClassification', confidence: 90 }, orm))).toBe(true);
    expect(check(profiler({ type: 'Profiler', markDeletedTables: true }))).toBe(false);
    expect(check(profiler({ type: 'DatabaseMetadata' }, orm))).toBe(false);
    expect(check(profiler({ profileSample: 50 }))).toBe(false);
  });

  it('refuses a source that it does not know, and keys of another one', () => {
    expect(check(recipe('Atlas', { username: 'u', password: 'p', entity_type: 'hive_table', paht: 'x' }))).toBe(false);
    expect(check(recipe('Kafka', { username: 'u', password: 'p', entity_type: 'hive_table' }))).toBe(false);
  });
});

function* passwordsIn(schema: JsonSchema): Iterable<string> {
  for (const [key, value] of Object.entries(propertiesOf(schema))) {
    if ((value as Node)['format'] === 'password') yield key;
    yield* passwordsIn(value as JsonSchema);
    for (const form of ((value as Node)['anyOf'] ?? []) as JsonSchema[]) yield* passwordsIn(form);
  }
}

function* describedKeys(schema: JsonSchema, path: string): Iterable<readonly [string, string]> {
  for (const [key, value] of Object.entries(propertiesOf(schema))) {
    yield [`${path}.${key}`, String((value as Node)['description'] ?? '')];
    yield* describedKeys(value as JsonSchema, `${path}.${key}`);
  }
}
