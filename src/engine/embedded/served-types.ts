import { commands } from '../../cli/commands.ts';
import { ConfigurationError } from '../../errors.ts';
import type { PipelineType } from '../engine.ts';

/** The command that does the work of a pipeline. */
const commandOf: Readonly<Record<PipelineType, string>> = {
  metadata: 'ingest',
  profiler: 'profile',
  autoClassification: 'profile',
  usage: 'usage',
  lineage: 'lineage',
};

/** @throws ConfigurationError `engine.type-not-served` where this release has no such command */
export function commandFor(pipelineType: PipelineType): string {
  const command = commandOf[pipelineType];
  if (commands.some(({ name }) => name === command)) return command;
  const served = Object.entries(commandOf).filter(([, each]) => commands.some(({ name }) => name === each));
  throw new ConfigurationError('engine.type-not-served', `Pipelines of type ${pipelineType} cannot be run here.`, {
    help: `What can: ${served.map(([type]) => type).join(', ')}.`,
  });
}
