import { type PipelineType, pipelineTypes } from '../../engine/engine.ts';
import { sourceTypes } from '../../schema/connections.ts';
import { ServerError } from '../server-error.ts';

/** Kinds of pipelines that Meridian has a workflow for. */
const served: ReadonlySet<PipelineType> = new Set(['metadata']);

const instead: Readonly<Record<string, string>> = {
  lineage: 'A metadata pipeline of Atlas carries lineage along.',
  usage: 'Atlas knows nothing of who queries what.',
  profiler: 'Profiles need the tables themselves, not Atlas.',
};

/** @throws ServerError `managed.type-not-served` */
export function servedType(pipelineType: string): PipelineType {
  const type = pipelineTypes.find((each) => each === pipelineType);
  if (type !== undefined && served.has(type)) return type;
  throw new ServerError(
    'managed.type-not-served',
    `Meridian runs no pipelines of type ${pipelineType}; it runs those of type ${[...served].join(', ')}.`,
    { status: 400, help: instead[pipelineType] ?? 'Let OpenMetadata’s own ingestion run this one.' },
  );
}

/** @throws ServerError `managed.connection-not-served` */
export function requireServedConnection(connectionType: string): void {
  if (sourceTypes.some((type) => type.toLowerCase() === connectionType.toLowerCase())) return;
  throw new ServerError(
    'managed.connection-not-served',
    `Meridian has no connector of type ${connectionType}; it has ${sourceTypes.join(', ')}.`,
    { status: 400, help: 'Let OpenMetadata’s own ingestion run this one.' },
  );
}
