import {
  type AssetKind,
  type AssetRecord,
  type ContainerRecord,
  type MlModelRecord,
  type PipelineRecord,
  type TableConstraint,
  type TableRecord,
  type TableType,
  type TopicRecord,
  tableTypes,
} from '../../model/records.ts';
import type { TableConstraint as HeldConstraint } from '../../openmetadata/entities.ts';
import { nativeKeys } from '../../openmetadata/native-keys.ts';
import type { TargetAsset } from '../../reconcile/target-asset.ts';
import { labelRecords } from './label-records.ts';
import { namesOf, rawName } from './name-paths.ts';
import { columnRecord, featureRecord, fieldRecord, taskRecord } from './part-records.ts';

/** What is looked up beside the asset itself. */
export interface Beside {
  readonly owner?: string;
  readonly ownerMail?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const knownTables: ReadonlySet<string> = new Set(tableTypes);
const constraintTypes: ReadonlySet<string> = new Set(['PRIMARY_KEY', 'UNIQUE', 'FOREIGN_KEY', 'SORT_KEY', 'DIST_KEY']);

/** An object without the keys that have no value. */
function told<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const listOf = <T>(value: unknown): readonly T[] | undefined =>
  Array.isArray(value) && value.length > 0 ? (value as readonly T[]) : undefined;

function common(kind: AssetKind, asset: TargetAsset, beside: Beside) {
  const path = namesOf(asset.fqn);
  const { id, fqn, displayName, description, updatedAt } = asset;
  const native = nativeKeys(kind, asset.carried ?? {});
  return {
    path,
    provenance: { id, typeName: kind, qualifiedName: fqn, ...(updatedAt !== undefined && { modifiedAt: updatedAt }) },
    ...(displayName && displayName !== path.at(-1) && { displayName }),
    ...(description && { description }),
    ...labelRecords(asset.tags),
    ...(Object.keys(native).length > 0 && { native }),
    ...beside,
  };
}

function constraintRecord({ constraintType, columns, referredColumns }: HeldConstraint): TableConstraint[] {
  if (!constraintTypes.has(constraintType)) return [];
  const refersTo = (referredColumns ?? []).map((fqn) => {
    const names = namesOf(fqn);
    return { table: names.slice(0, 4), column: names.slice(4).join('.') };
  });
  return [
    {
      type: constraintType as TableConstraint['type'],
      columns: columns.map(rawName),
      ...(refersTo.length > 0 && { refersTo }),
    },
  ];
}

function tableFields({ tableType, viewDefinition, attributes, columns = [] }: TargetAsset) {
  const constraints = (listOf<HeldConstraint>(attributes?.['tableConstraints']) ?? []).flatMap(constraintRecord);
  return {
    tableType: (knownTables.has(tableType ?? '') ? tableType : 'Regular') as TableType,
    columns: columns.map(columnRecord),
    ...(viewDefinition !== undefined && { viewDefinition }),
    ...(constraints.length > 0 && { constraints }),
  } satisfies Partial<TableRecord>;
}

function topicFields({ attributes = {}, columns = [] }: TargetAsset): Partial<TopicRecord> {
  const { schemaType } = attributes;
  const known = schemaType === 'None' ? undefined : (schemaType as TopicRecord['schemaType']);
  return told({
    partitions: numberOf(attributes['partitions']),
    replicationFactor: numberOf(attributes['replicationFactor']),
    retentionTime: numberOf(attributes['retentionTime']),
    retentionSize: numberOf(attributes['retentionSize']),
    maximumMessageSize: numberOf(attributes['maximumMessageSize']),
    cleanupPolicies: listOf<'delete' | 'compact'>(attributes['cleanupPolicies']),
    schemaText: textOf(attributes['schemaText']),
    schemaType: known,
    schemaFields: columns.length > 0 ? columns.map(fieldRecord) : undefined,
  });
}

function containerFields({ attributes = {}, columns = [] }: TargetAsset): Partial<ContainerRecord> {
  return told({
    fullPath: textOf(attributes['fullPath']),
    prefix: textOf(attributes['prefix']),
    size: numberOf(attributes['size']),
    numberOfObjects: numberOf(attributes['numberOfObjects']),
    fileFormats: listOf<string>(attributes['fileFormats']),
    columns: columns.length > 0 ? columns.map(columnRecord) : undefined,
  });
}

function pipelineFields({ attributes, carried, columns = [] }: TargetAsset) {
  // Some 1.1 servers call the address pipelineUrl.
  const sourceUrl = textOf(attributes?.['sourceUrl'] ?? carried?.['sourceUrl'] ?? carried?.['pipelineUrl']);
  return { ...told({ sourceUrl }), tasks: columns.map(taskRecord) } satisfies Partial<PipelineRecord>;
}

function modelFields({ attributes = {}, columns = [] }: TargetAsset) {
  const parameters = listOf<{ name?: string; value?: string; description?: string }>(attributes['mlHyperParameters']);
  return {
    algorithm: textOf(attributes['algorithm']) ?? 'mlmodel',
    ...told({
      target: textOf(attributes['target']),
      server: textOf(attributes['server']),
      storage: textOf(attributes['storage']),
      features: columns.length > 0 ? columns.map(featureRecord) : undefined,
      hyperParameters: parameters?.flatMap(({ name, value, description }) =>
        name ? [{ name, ...told({ value: textOf(value), description: textOf(description) }) }] : [],
      ),
    }),
  } satisfies Partial<MlModelRecord>;
}

function termFields({ attributes = {}, lists }: TargetAsset) {
  const synonyms = lists?.['synonyms'] ?? [];
  const references = listOf<{ name?: string; endpoint?: string }>(attributes['references'])?.flatMap(
    ({ name = '', endpoint }) => (endpoint ? [{ name, endpoint }] : []),
  );
  return { ...(synonyms.length > 0 && { synonyms }), ...(references?.length && { references }) };
}

/**
 * An asset of the server as the model has it.
 * @throws RecordError `name.malformed-fqn`
 */
export function assetRecord(kind: AssetKind, asset: TargetAsset, beside: Beside): AssetRecord {
  const fields = common(kind, asset, beside);
  switch (kind) {
    case 'table':
      return { kind, ...fields, ...tableFields(asset) };
    case 'topic':
      return { kind, ...fields, ...topicFields(asset) };
    case 'container':
      return { kind, ...fields, ...containerFields(asset) };
    case 'pipeline':
      return { kind, ...fields, ...pipelineFields(asset) };
    case 'mlmodel':
      return { kind, ...fields, ...modelFields(asset) };
    case 'glossaryTerm':
      return { kind, ...fields, ...termFields(asset) };
    default:
      return { kind, ...fields };
  }
}
