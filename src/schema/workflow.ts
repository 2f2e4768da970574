import { defaults } from '../config/defaults.ts';
import type { ConnectorSpec } from '../connectors/connector-spec.ts';
import { registry, type SourceType, sourceTypes } from '../connectors/registry.ts';
import { airflowBlock } from './airflow-block.ts';
import { connections } from './connections.ts';
import { meridianBlock, meridianBlockOf } from './meridian-block.ts';
import { openMetadataConnection } from './openmetadata-connection.ts';
import { closed, flag, type JsonSchema, noEffect, oneOf, open, text } from './parts.ts';
import { profilerProcessor } from './profiler-processor.ts';
import { type SourceConfigType, sourceConfigs, sourceConfigTypes } from './source-configs.ts';

const component = (description: string) =>
  closed(description, { type: text('Kind of the step.'), config: open('Its settings.') }, ['type']);

/** `source` with a connection of one form, and a pipeline of one form. */
const sourceWith = (type: JsonSchema, connection: JsonSchema, pipeline: JsonSchema): JsonSchema =>
  closed(
    'Where metadata comes from.',
    {
      type,
      serviceName: text(
        'Name of the source’s service in OpenMetadata; made when missing, in enrich mode only that of an Atlas.',
        {
          minLength: 1,
        },
      ),
      serviceConnection: closed('How the source is reached.', { config: connection }, ['config']),
      sourceConfig: closed('What is read and carried over.', { config: pipeline }, ['config']),
    },
    ['type', 'serviceName', 'serviceConnection', 'sourceConfig'],
  );

const anyType = oneOf(sourceTypes, 'Kind of the source, in any case.');

/** Says which form the connection has: that follows from `type`. */
const connectionConditions = sourceTypes.map((type) => ({
  if: { properties: { type: { const: type } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: { properties: { serviceConnection: { properties: { config: connections[type] } } } },
}));

/** `sourceConfig.config` of any kind: without a `type` it is metadata. */
const pipelineConditions = sourceConfigTypes.map((type) => ({
  if: {
    properties: { sourceConfig: { properties: { config: ofType(type) } } },
  },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: { properties: { sourceConfig: { properties: { config: sourceConfigs[type] } } } },
}));

function ofType(type: SourceConfigType): JsonSchema {
  const is = { properties: { type: { const: type } } };
  return type === 'DatabaseMetadata' ? is : { ...is, required: ['type'] };
}

/** `source` of any kind, as editors and forms understand it. */
const source: JsonSchema = {
  ...sourceWith(
    anyType,
    open('Its keys follow from the kind of the source.'),
    open(`Its keys follow from its type: ${sourceConfigTypes.join(', ')}.`),
  ),
  allOf: [...connectionConditions, ...pipelineConditions],
};

const anyPipeline: JsonSchema = { anyOf: sourceConfigTypes.map((type) => sourceConfigs[type]) };

/** `source` as one of its forms, as types have it. */
const sourceForms: JsonSchema = {
  description: 'Where metadata comes from.',
  anyOf: sourceTypes.map((type) =>
    sourceWith(oneOf([type], 'Kind of the source, in any case.'), connections[type], anyPipeline),
  ),
};

const moduleProcessor = closed(
  'A module of your own that sees each record.',
  {
    type: oneOf(['module'], 'Kind of the processor.'),
    config: closed('Settings of the processor.', { path: text('Path of the module, from the recipe’s folder.') }, [
      'path',
    ]),
  },
  ['type', 'config'],
);

const processors: Readonly<Record<SourceConfigType, JsonSchema>> = {
  DatabaseMetadata: moduleProcessor,
  Profiler: profilerProcessor,
  AutoClassification: profilerProcessor,
};

/** Says which form the processor has: that follows from the kind of the pipeline. */
const processorConditions = sourceConfigTypes.map((type) => ({
  if: { properties: { source: { properties: { sourceConfig: { properties: { config: ofType(type) } } } } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: { properties: { processor: processors[type] } },
}));

const recipeWith = (
  sourceSchema: JsonSchema,
  processor: JsonSchema,
  meridian: JsonSchema = meridianBlock,
): JsonSchema =>
  closed(
    'What is brought into OpenMetadata: metadata, or profiles.',
    {
      source: sourceSchema,
      sink: closed(
        'Where metadata goes.',
        {
          type: oneOf(['metadata-rest'], 'Kind of the sink, in any case.'),
          // YAML's empty “config:” is null.
          config: { type: ['object', 'null'], description: 'Its settings; none are needed.' },
        },
        ['type'],
      ),
      processor,
      stage: component(noEffect),
      bulkSink: component(noEffect),
      workflowConfig: closed(
        'Which server is written to, and what counts as a good run.',
        {
          loggerLevel: oneOf(
            ['DEBUG', 'INFO', 'WARN', 'ERROR'],
            `How much is logged. ${noEffect}`,
            defaults.loggerLevel,
          ),
          openMetadataServerConfig: openMetadataConnection,
          successThreshold: {
            type: 'number',
            minimum: 0,
            maximum: 100,
            default: defaults.successThreshold,
            description: 'Percent of records that must go well for the run to count as (partly) successful.',
          },
          raiseOnError: flag('Whether a failed run ends with exit code 1.', defaults.raiseOnError),
          config: open(noEffect),
        },
        ['openMetadataServerConfig'],
      ),
      ingestionPipelineFQN: text('Ingestion pipeline in OpenMetadata that this run reports its status to.'),
      pipelineRunId: text('Id of the run (a UUID).', { format: 'uuid' }),
      enableStreamableLogs: flag(noEffect, defaults.enableStreamableLogs),
      ingestionRunnerName: text(noEffect),
      meridian,
      airflow: airflowBlock,
    },
    ['source', 'sink', 'workflowConfig'],
  );

/** A whole recipe: OpenMetadata's workflow, and our blocks. */
export const workflow: JsonSchema = {
  ...recipeWith(
    source,
    closed(
      'A module of your own that sees each record; orm-profiler where tables are profiled.',
      { type: oneOf(['module', 'orm-profiler'], 'Kind of the processor.'), config: open('Its settings.') },
      ['type'],
    ),
  ),
  allOf: processorConditions,
};

const bySpec = new WeakMap<ConnectorSpec, Map<SourceConfigType, JsonSchema>>();

/**
 * A whole recipe with a source of this kind and a pipeline of this kind: one schema without conditions, for whoever walks
 * it.
 */
export function workflowWith(spec: ConnectorSpec, pipeline: SourceConfigType = 'DatabaseMetadata'): JsonSchema {
  const byPipeline = bySpec.get(spec) ?? new Map<SourceConfigType, JsonSchema>();
  bySpec.set(spec, byPipeline);
  const made =
    byPipeline.get(pipeline) ??
    recipeWith(
      sourceWith(typeOf(spec), connectionOf(spec), sourceConfigs[pipeline]),
      processors[pipeline],
      meridianBlockOf(spec.defaultMode),
    );
  byPipeline.set(pipeline, made);
  return made;
}

/** One of ours by its name, any other by where it is. */
function typeOf(spec: ConnectorSpec): JsonSchema {
  return isOurs(spec) ? anyType : text('Path or package of the connector.');
}

/** Schemas of connectors outside of Meridian so far: two of them may have the same name. */
let externals = 0;

/** References within a schema start from itself, wherever that is put. */
function connectionOf(spec: ConnectorSpec): JsonSchema {
  if (isOurs(spec)) return spec.connection;
  const { $schema: _, $id: __, ...connection } = spec.connection;
  externals += 1;
  return { ...connection, $id: `connector:${externals}` };
}

function isOurs(spec: ConnectorSpec): boolean {
  return sourceTypes.some((type) => registry[type].spec === spec);
}

/** The same with a connector of ours. */
export function workflowOf(type: SourceType, pipeline?: SourceConfigType): JsonSchema {
  return workflowWith(registry[type].spec, pipeline);
}

/** The recipe of types: its source is one of several forms. */
export const workflowForms: JsonSchema = recipeWith(sourceForms, { anyOf: [moduleProcessor, profilerProcessor] });
