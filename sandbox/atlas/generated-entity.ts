import type { GeneratedShape, GeneratedType } from './generated-shape.ts';
import { type NewEntity, newEntity } from './new-entity.ts';
import type { RelatedEnd, RelatedEnds, StoredEntity } from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

/** When every generated entity was made and, but for those that are asked to change, last changed: 1 March 2025, epoch milliseconds. */
export const GENERATED_AT = Date.UTC(2025, 2, 1);

const CLUSTER = 'prod';

/** Makes one entity in full, with the short relations that its kind has. */
export function generatedEntity(
  types: TypeRegistry,
  shape: GeneratedShape,
  type: GeneratedType,
  index: number,
): StoredEntity {
  const classification = shape.classificationOf(type, index);
  const entity = newEntity(types, {
    typeName: type,
    guid: shape.guid(type, index),
    createTime: GENERATED_AT,
    ...(shape.isChanged(type, index) && { updateTime: shape.changedAt }),
    attributes: attributesOf(shape, type, index),
    classifications: classification === undefined ? [] : [{ typeName: classification, propagate: false }],
  });
  for (const [name, ends] of Object.entries(relationsOf(shape, type, index))) {
    whenRead(entity.relationshipAttributes, name, ends);
    if (name in entity.attributes) {
      whenRead(entity.attributes, name, () => shortForm(types, type, name, ends()));
    }
  }
  return entity;
}

/** Most pages show few relations: a wide table's columns are worked out only where they are asked for. */
function whenRead(holder: Record<string, unknown>, name: string, value: () => unknown): void {
  Object.defineProperty(holder, name, { enumerable: true, configurable: true, get: value });
}

function shortForm(types: TypeRegistry, type: GeneratedType, name: string, ends: RelatedEnds): unknown {
  const full = types.attributes(type).has(name);
  const short = (end: RelatedEnd): unknown => ({
    guid: end.guid,
    typeName: end.typeName,
    ...(full ? { uniqueAttributes: { qualifiedName: end.qualifiedName } } : {}),
  });
  return Array.isArray(ends) ? ends.map(short) : ends === null ? null : short(ends);
}

interface Names extends Record<string, unknown> {
  readonly name: string;
  readonly qualifiedName: string;
}

function namesOf(shape: GeneratedShape, type: GeneratedType, index: number): Names {
  const tablePath = (table: number): string =>
    `${shape.databaseName(shape.databaseOf(table))}.${shape.tableName(table)}`;
  switch (type) {
    case 'hive_db': {
      const name = shape.databaseName(index);
      return { name, qualifiedName: `${name}@${CLUSTER}` };
    }
    case 'hive_table':
      return { name: shape.tableName(index), qualifiedName: `${tablePath(index)}@${CLUSTER}` };
    case 'hive_column': {
      const name = shape.columnName(shape.positionOf(index));
      return { name, qualifiedName: `${tablePath(Math.floor(index / shape.columns))}.${name}@${CLUSTER}` };
    }
    case 'hive_process':
      return { name: `load_${index}`, qualifiedName: `load_${index}@${CLUSTER}` };
    default: {
      const [process, position] = shape.columnLineage(index);
      const name = `load_${process}:${shape.columnName(position)}`;
      return { name, qualifiedName: `${name}:${index}@${CLUSTER}` };
    }
  }
}

function describe(shape: GeneratedShape, table: number): string | null {
  if (shape.isChanged('hive_table', table)) return `Changed table number ${table}`;
  return table % 3 === 0 ? null : `Made-up table number ${table}`;
}

function attributesOf(shape: GeneratedShape, type: GeneratedType, index: number): NewEntity['attributes'] {
  const names = namesOf(shape, type, index);
  switch (type) {
    case 'hive_db':
      return { ...names, clusterName: CLUSTER, owner: 'generator', location: `hdfs://nn/warehouse/${names.name}.db` };
    case 'hive_table':
      return {
        ...names,
        owner: `owner_${index % 7}`,
        description: describe(shape, index),
        tableType: index % 5 === 0 ? 'EXTERNAL_TABLE' : 'MANAGED_TABLE',
        createTime: GENERATED_AT,
        parameters: { numRows: String((index * 7919) % 1_000_003) },
      };
    case 'hive_column': {
      const position = shape.positionOf(index);
      return {
        ...names,
        owner: 'generator',
        type: shape.typeOf(position, Math.floor(index / shape.columns)),
        position,
        comment: position % 4 === 0 ? `Position ${position}` : null,
      };
    }
    case 'hive_process':
      return {
        ...names,
        userName: 'etl',
        operationType: 'QUERY',
        queryText: `insert into t${shape.targetOf(index)} select * from t${shape.targetOf(index) - 1}`,
        queryPlan: 'Not Supported',
        queryId: `q${index}`,
        startTime: GENERATED_AT,
        endTime: GENERATED_AT + 60_000,
      };
    default:
      return { ...names, depenendencyType: 'SIMPLE' };
  }
}

type Relations = Record<string, () => RelatedEnds>;

function relationsOf(shape: GeneratedShape, type: GeneratedType, index: number): Relations {
  const to = (relation: string, other: GeneratedType, at: number): RelatedEnd =>
    endTo(shape, relation, other, at, `${type} ${index}`);
  switch (type) {
    case 'hive_db': {
      const [first, end] = shape.tablesOf(index);
      return { tables: () => range(first, end).map((table) => to('hive_table_db', 'hive_table', table)) };
    }
    case 'hive_table': {
      const [writer, reader] = [shape.writerOf(index), shape.readerOf(index)];
      return {
        db: () => to('hive_table_db', 'hive_db', shape.databaseOf(index)),
        columns: () =>
          range(index * shape.columns, (index + 1) * shape.columns).map((column) =>
            to('hive_table_columns', 'hive_column', column),
          ),
        outputFromProcesses: () =>
          writer === undefined ? [] : [to('process_dataset_outputs', 'hive_process', writer)],
        inputToProcesses: () => (reader === undefined ? [] : [to('dataset_process_inputs', 'hive_process', reader)]),
      };
    }
    case 'hive_column':
      return {
        table: () => to('hive_table_columns', 'hive_table', Math.floor(index / shape.columns)),
        outputFromProcesses: () =>
          shape.columnLineagesInto(index).map((each) => to('process_dataset_outputs', 'hive_column_lineage', each)),
      };
    case 'hive_process': {
      const target = shape.targetOf(index);
      return {
        inputs: () => [to('dataset_process_inputs', 'hive_table', target - 1)],
        outputs: () => [to('process_dataset_outputs', 'hive_table', target)],
        columnLineages: () =>
          shape.columnLineagesOf(index).map((each) => to('hive_process_column_lineage', 'hive_column_lineage', each)),
      };
    }
    default: {
      const [process, position] = shape.columnLineage(index);
      const target = shape.targetOf(process);
      return {
        query: () => to('hive_process_column_lineage', 'hive_process', process),
        inputs: () => [to('dataset_process_inputs', 'hive_column', shape.columnAt(target - 1, position))],
        outputs: () => [to('process_dataset_outputs', 'hive_column', shape.columnAt(target, position))],
      };
    }
  }
}

const range = (first: number, end: number): number[] => Array.from({ length: end - first }, (_, at) => first + at);

function endTo(shape: GeneratedShape, relation: string, type: GeneratedType, index: number, from: string): RelatedEnd {
  const names = namesOf(shape, type, index);
  return {
    guid: shape.guid(type, index),
    typeName: type,
    entityStatus: 'ACTIVE',
    displayText: names.name,
    relationshipType: relation,
    relationshipGuid: relationGuid([from, `${type} ${index}`].sort()),
    relationshipStatus: 'ACTIVE',
    relationshipAttributes: { typeName: relation },
    qualifiedName: names.qualifiedName,
  };
}

/** The same from both ends. */
const relationGuid = (ends: readonly string[]): string => `rel-${ends.join('-').replaceAll(' ', '-')}`;
