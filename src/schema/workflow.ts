import { defaults } from '../config/defaults.ts';
import { atlasConnection } from './atlas-connection.ts';
import { databaseMetadata } from './database-metadata.ts';
import { meridianBlock } from './meridian-block.ts';
import { openMetadataConnection } from './openmetadata-connection.ts';
import { closed, flag, noEffect, oneOf, open, text } from './parts.ts';

const component = (description: string) =>
  closed(description, { type: text('Kind of the step.'), config: open('Its settings.') }, ['type']);

/** A whole recipe: OpenMetadata's workflow, and our block. */
export const workflow = closed(
  'A metadata ingestion from Apache Atlas into OpenMetadata.',
  {
    source: closed(
      'Where metadata comes from.',
      {
        type: oneOf(['Atlas'], 'Kind of the source, in any case.'),
        serviceName: text('Name of the Atlas service in OpenMetadata; made when missing.', { minLength: 1 }),
        serviceConnection: closed('How the source is reached.', { config: atlasConnection }, ['config']),
        sourceConfig: closed('What is read and carried over.', { config: databaseMetadata }, ['config']),
      },
      ['type', 'serviceName', 'serviceConnection', 'sourceConfig'],
    ),
    sink: closed(
      'Where metadata goes.',
      {
        type: oneOf(['metadata-rest'], 'Kind of the sink, in any case.'),
        // YAML's empty “config:” is null.
        config: { type: ['object', 'null'], description: 'Its settings; none are needed.' },
      },
      ['type'],
    ),
    processor: closed(
      'A module of your own that sees each record.',
      {
        type: oneOf(['module'], 'Kind of the processor.'),
        config: closed('Settings of the processor.', { path: text('Path of the module, from the recipe’s folder.') }, [
          'path',
        ]),
      },
      ['type', 'config'],
    ),
    stage: component(noEffect),
    bulkSink: component(noEffect),
    workflowConfig: closed(
      'Which server is written to, and what counts as a good run.',
      {
        loggerLevel: oneOf(['DEBUG', 'INFO', 'WARN', 'ERROR'], `How much is logged. ${noEffect}`, defaults.loggerLevel),
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
    meridian: meridianBlock,
  },
  ['source', 'sink', 'workflowConfig'],
);
