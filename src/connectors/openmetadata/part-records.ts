import type { ColumnRecord, FieldShape, MlFeatureRecord, SchemaFieldRecord, TaskRecord } from '../../model/records.ts';
import type { ColumnNode, Label, TargetColumn } from '../../reconcile/target-asset.ts';
import { labelRecords } from './label-records.ts';
import { rawName } from './name-paths.ts';

const constraints: ReadonlySet<unknown> = new Set(['NULL', 'NOT_NULL', 'UNIQUE', 'PRIMARY_KEY']);

/** Children of a column have labels, too, as the server answers them. */
type Nested = ColumnNode & { readonly tags?: readonly Label[] };

/** Name and words of a part; a display name that is the name says nothing. */
function words({ name, displayName, description }: ColumnNode) {
  const raw = rawName(name);
  return {
    name: raw,
    ...(displayName && displayName !== raw && { displayName }),
    ...(description && { description }),
  };
}

function columnShape(node: Nested): FieldShape {
  const { dataType, dataLength, precision, scale, arrayDataType, dataTypeDisplay, children } = node;
  return {
    ...words(node),
    dataType,
    ...(dataLength != null && { dataLength }),
    ...(precision != null && { precision }),
    ...(scale != null && { scale }),
    ...(arrayDataType != null && { arrayDataType }),
    dataTypeDisplay: dataTypeDisplay ?? dataType.toLowerCase(),
    ...(children?.length && {
      children: children.map((child: Nested) => ({ ...columnShape(child), ...labelRecords(child.tags ?? []) })),
    }),
  };
}

export function columnRecord(column: TargetColumn): ColumnRecord {
  const { constraint } = column;
  return {
    ...columnShape(column),
    ...(constraints.has(constraint) && { constraint: constraint as NonNullable<ColumnRecord['constraint']> }),
    ...labelRecords(column.tags),
  };
}

export function fieldRecord(field: Nested): SchemaFieldRecord {
  const { dataType, dataTypeDisplay, children } = field;
  return {
    ...words(field),
    dataType,
    ...(dataTypeDisplay && { dataTypeDisplay }),
    ...labelRecords(field.tags ?? []),
    ...(children?.length && { children: children.map((child) => fieldRecord(child)) }),
  };
}

export function taskRecord(task: TargetColumn): TaskRecord {
  const { taskSQL, downstreamTasks, startDate, endDate } = task.attributes ?? {};
  const downstream = (downstreamTasks as readonly string[] | undefined) ?? [];
  return {
    ...words(task),
    ...(task.dataType !== '' && { taskType: task.dataType }),
    ...(typeof taskSQL === 'string' && { taskSql: taskSQL }),
    ...(downstream.length > 0 && { downstreamTasks: downstream.map(rawName) }),
    ...(typeof startDate === 'number' && { startDate }),
    ...(typeof endDate === 'number' && { endDate }),
    ...labelRecords(task.tags),
  };
}

export function featureRecord(feature: TargetColumn): MlFeatureRecord {
  const { dataType } = feature;
  return {
    ...words(feature),
    ...((dataType === 'numerical' || dataType === 'categorical') && { dataType }),
    ...labelRecords(feature.tags),
  };
}
