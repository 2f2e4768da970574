import { buildFqn } from '../model/fqn.ts';
import type {
  AssetRecord,
  ColumnRecord,
  MlFeatureRecord,
  SchemaFieldRecord,
  TableConstraint,
  TableRecord,
  TableType,
  TaskRecord,
} from '../model/records.ts';
import { type DesiredOptions, labelsOf } from './desired-labels.ts';
import { columnKey } from './merge-columns.ts';
import type { DesiredAsset, DesiredColumn } from './target-asset.ts';
import { assetFqn, partName } from './target-naming.ts';

/** Types of tables whose text tells what they show. */
const VIEWS: ReadonlySet<TableType> = new Set(['View', 'SecureView', 'MaterializedView', 'Dynamic']);

type Structure = Pick<DesiredAsset, 'columns' | 'attributes' | 'lists' | 'tableType' | 'viewDefinition'>;

/** An object without the keys that have no value, or undefined where none has one. */
function known<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length > 0 ? (Object.fromEntries(entries) as never) : undefined;
}

function attributes(values: Readonly<Record<string, unknown>>): Pick<Structure, 'attributes'> {
  const some = known(values);
  return some ? { attributes: some } : {};
}

function desiredColumn(column: ColumnRecord, options: DesiredOptions): DesiredColumn {
  const { name, displayName: original } = options.naming.column(column.name);
  const displayName = column.displayName ?? original;
  const { dataType, dataLength, precision, scale, arrayDataType, dataTypeDisplay, children, constraint } = column;
  return {
    name,
    dataType,
    ...(displayName !== undefined && { displayName }),
    ...(dataLength !== undefined && { dataLength }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(arrayDataType !== undefined && { arrayDataType }),
    dataTypeDisplay: dataTypeDisplay.toLowerCase(),
    ...(children && { children: children.map((child) => desiredColumn({ tags: [], ...child }, options)) }),
    ...(constraint !== undefined && { constraint }),
    ...(column.description && { description: column.description }),
    tags: labelsOf(column, options),
  };
}

function desiredField(field: SchemaFieldRecord, options: DesiredOptions): DesiredColumn {
  const { name, displayName: original } = partName('topic', field.name, options.naming);
  const displayName = field.displayName ?? original;
  return {
    name,
    dataType: field.dataType,
    ...(displayName !== undefined && { displayName }),
    ...(field.dataTypeDisplay !== undefined && { dataTypeDisplay: field.dataTypeDisplay }),
    ...(field.children && { children: field.children.map((child) => desiredField(child, options)) }),
    ...(field.description && { description: field.description }),
    tags: labelsOf(field, options),
  };
}

function desiredTask(task: TaskRecord, options: DesiredOptions): DesiredColumn {
  const { name, displayName } = options.naming.entity(task.name);
  const shown = task.displayName ?? displayName;
  const downstreamTasks = task.downstreamTasks?.map((other) => options.naming.entity(other).name);
  return {
    name,
    dataType: task.taskType ?? '',
    ...(shown !== undefined && { displayName: shown }),
    ...(task.description && { description: task.description }),
    ...attributes({ taskSQL: task.taskSql, downstreamTasks, startDate: task.startDate, endDate: task.endDate }),
    tags: labelsOf(task, options),
  };
}

function desiredFeature(feature: MlFeatureRecord, options: DesiredOptions): DesiredColumn {
  const { name, displayName: original } = partName('mlmodel', feature.name, options.naming);
  const displayName = feature.displayName ?? original;
  return {
    name,
    dataType: feature.dataType ?? '',
    ...(displayName !== undefined && { displayName }),
    ...(feature.description && { description: feature.description }),
    tags: labelsOf(feature, options),
  };
}

/** A name stands once (a partition key may stand beside a column of its name): the first counts. */
function distinct(columns: readonly DesiredColumn[]): DesiredColumn[] {
  const byName = new Map<string, DesiredColumn>();
  for (const column of columns) {
    const key = columnKey(column.name);
    if (!byName.has(key)) byName.set(key, column);
  }
  return [...byName.values()];
}

/** In the target's form and order; a constraint on a column that the table does not have would make it refuse the table. */
function tableConstraints(record: TableRecord, { naming }: DesiredOptions): readonly unknown[] | undefined {
  const columns = new Set(record.columns.map(({ name }) => columnKey(name)));
  const fits = ({ columns: own }: TableConstraint): boolean => own.every((name) => columns.has(columnKey(name)));
  const rows = (record.constraints ?? []).filter(fits).map(({ type, columns: own, refersTo }) => ({
    constraintType: type,
    columns: own.map((name) => naming.column(name).name),
    ...(refersTo && {
      referredColumns: refersTo.map(
        ({ table, column }) =>
          `${assetFqn({ kind: 'table', path: table }, naming)}.${buildFqn([naming.column(column).name])}`,
      ),
    }),
  }));
  return rows.length > 0 ? rows : undefined;
}

function tableStructure(record: TableRecord, options: DesiredOptions): Structure {
  const isView = VIEWS.has(record.tableType);
  return {
    tableType: record.tableType,
    columns: distinct(record.columns.map((column) => desiredColumn(column, options))),
    ...attributes({ tableConstraints: tableConstraints(record, options) }),
    ...(isView && options.includeViewText && record.viewDefinition && { viewDefinition: record.viewDefinition }),
  };
}

/** The structure of an asset in the target's words: only what the source tells. */
export function structureOf(record: AssetRecord, options: DesiredOptions): Structure {
  switch (record.kind) {
    case 'table':
      return tableStructure(record, options);
    case 'topic': {
      const { partitions, replicationFactor, retentionTime, retentionSize, maximumMessageSize } = record;
      const { cleanupPolicies, schemaText, schemaType, schemaFields } = record;
      return {
        ...(schemaFields && { columns: distinct(schemaFields.map((field) => desiredField(field, options))) }),
        ...attributes({
          // The target demands a number, and none is below one.
          partitions: partitions === undefined ? undefined : Math.max(1, partitions),
          replicationFactor,
          retentionTime,
          retentionSize,
          maximumMessageSize,
          cleanupPolicies,
          schemaText,
          schemaType: schemaType ?? (schemaText === undefined && !schemaFields ? undefined : 'Other'),
        }),
      };
    }
    case 'container': {
      const { fullPath, prefix, size, numberOfObjects, fileFormats, columns } = record;
      return {
        ...(columns && { columns: distinct(columns.map((column) => desiredColumn(column, options))) }),
        ...attributes({ fullPath, prefix, size, numberOfObjects, fileFormats }),
      };
    }
    case 'pipeline':
      return {
        columns: distinct(record.tasks.map((task) => desiredTask(task, options))),
        ...attributes({ sourceUrl: record.sourceUrl }),
      };
    case 'mlmodel': {
      const { algorithm, target, server, storage, features, hyperParameters } = record;
      return {
        ...(features && { columns: distinct(features.map((feature) => desiredFeature(feature, options))) }),
        ...attributes({ algorithm, target, server, storage, mlHyperParameters: hyperParameters }),
      };
    }
    case 'glossaryTerm':
      return {
        ...attributes({ references: record.references }),
        lists: { synonyms: [...(record.synonyms ?? [])] },
      };
    default:
      return {};
  }
}
