import type { NamePath, PipelineRecord, PipelineRunRecord, TaskRecord } from '../../../model/records.ts';
import type { AtlasEntity } from '../atlas-types.ts';
import { entityFields, type Mapping, nameOf, provenanceOf, qualifiedName, text } from '../map-entity.ts';

/** Attributes of a process that are read where it becomes a pipeline. */
export const processAttributes = [
  'inputs',
  'outputs',
  'queryText',
  'startTime',
  'endTime',
  'queryCreateTime',
  'queryEndTime',
  'operationType',
  'operation',
  'application',
  'processExecutions',
  'clusterName',
] as const;

/** Attributes of one execution of a process that are read. */
export const runAttributes = ['process', 'startTime', 'endTime'] as const;

interface Times {
  /** Epoch milliseconds. */
  readonly start: number | undefined;
  /** Epoch milliseconds. */
  readonly end: number | undefined;
}

/** When a process, or one execution of it, ran. Times that nobody told are 0 in Atlas. */
function timesOf({ attributes }: AtlasEntity): Times {
  const time = (...names: string[]): number | undefined =>
    names.map((name) => attributes[name]).find((value): value is number => typeof value === 'number' && value > 0);
  return { start: time('startTime', 'queryCreateTime'), end: time('endTime', 'queryEndTime') };
}

/** A process as a pipeline: its tasks are the processes within it, or itself. */
export function pipelineRecord(
  entity: AtlasEntity,
  path: NamePath,
  inner: readonly AtlasEntity[],
  mapping: Mapping,
): PipelineRecord {
  const tasks = inner.length > 0 ? inner : [entity];
  return { kind: 'pipeline', ...entityFields(entity, path, mapping), tasks: taskNames(tasks).map(taskRecord) };
}

interface NamedTask {
  readonly name: string;
  readonly entity: AtlasEntity;
}

/** Names of tasks; of two with one name, the later one has its qualifiedName. */
function taskNames(entities: readonly AtlasEntity[]): NamedTask[] {
  const taken = new Set<string>();
  return entities.map((entity) => {
    const name = taken.has(nameOf(entity)) ? qualifiedName(entity) : nameOf(entity);
    taken.add(name);
    return { name, entity };
  });
}

function taskRecord({ name, entity }: NamedTask): TaskRecord {
  const { attributes } = entity;
  const taskType = text(attributes['operationType']) ?? text(attributes['operation']) ?? entity.typeName;
  const taskSql = text(attributes['queryText']);
  const { start, end } = timesOf(entity);
  return {
    name,
    taskType,
    ...(taskSql !== undefined && { taskSql }),
    ...(start !== undefined && { startDate: start }),
    ...(end !== undefined && { endDate: end }),
    tags: [],
  };
}

/** One run of a pipeline, of a process's own times or of an execution of it. Undefined where no time is told. */
export function runRecord(entity: AtlasEntity, path: NamePath, task: string): PipelineRunRecord | undefined {
  const { start, end } = timesOf(entity);
  const timestamp = end ?? start;
  if (timestamp === undefined) return undefined;
  const outcome = end === undefined ? 'Pending' : 'Successful';
  return {
    kind: 'pipelineRun',
    path,
    timestamp,
    outcome,
    tasks: [
      {
        name: task,
        outcome,
        ...(start !== undefined && { startTime: start }),
        ...(end !== undefined && { endTime: end }),
      },
    ],
    provenance: provenanceOf(entity),
  };
}
