import { type ConnectorCapability, canDo } from '../../connectors/connector-spec.ts';
import { registry, type SourceType, sourceTypes } from '../../connectors/registry.ts';
import { type PipelineType, pipelineTypes } from '../../engine/engine.ts';
import { ServerError } from '../server-error.ts';

/** Kinds of pipelines that Meridian has a workflow for, with what a connector must be able to do for one (any of these). */
const served: ReadonlyMap<PipelineType, readonly ConnectorCapability[]> = new Map([
  ['metadata', []],
  ['profiler', ['profiler', 'statistics']],
  ['autoClassification', ['profiler']],
]);

const instead: Readonly<Record<string, string>> = {
  lineage: 'A metadata pipeline carries lineage along where the source tells it: docs/connectors has a page for each.',
  usage: 'Who queries what is in the logs of a database, which no connector of Meridian reads.',
};

/** @throws ServerError `managed.type-not-served` */
export function servedType(pipelineType: string): PipelineType {
  const type = pipelineTypes.find((each) => each === pipelineType);
  if (type !== undefined && served.has(type)) return type;
  throw new ServerError(
    'managed.type-not-served',
    `Meridian runs no pipelines of type ${pipelineType}; it runs those of type ${[...served.keys()].join(', ')}.`,
    { status: 400, help: instead[pipelineType] ?? 'Let OpenMetadata’s own ingestion run this one.' },
  );
}

/** @throws ServerError `managed.connection-not-served` */
export function requireServedConnection(connectionType: string, pipelineType: PipelineType = 'metadata'): void {
  const type = sourceTypes.find((each) => each.toLowerCase() === connectionType.toLowerCase());
  if (type === undefined) {
    throw new ServerError(
      'managed.connection-not-served',
      `Meridian has no connector of type ${connectionType}; it has ${sourceTypes.join(', ')}.`,
      { status: 400, help: 'Let OpenMetadata’s own ingestion run this one.' },
    );
  }
  requireCapability(type, pipelineType);
}

function requireCapability(type: SourceType, pipelineType: PipelineType): void {
  const needed = served.get(pipelineType) ?? [];
  const can = (each: SourceType): boolean => needed.some((capability) => canDo(registry[each].spec, capability));
  if (needed.length === 0 || can(type)) return;
  const others = sourceTypes.filter(can);
  throw new ServerError(
    'managed.connection-not-served',
    `The connector ${type} runs no pipelines of type ${pipelineType}${others.length > 0 ? `; ${others.join(', ')} can` : ''}.`,
    {
      status: 400,
      help: 'Profile the tables through the database that holds them, or let OpenMetadata’s own ingestion run this one.',
    },
  );
}
