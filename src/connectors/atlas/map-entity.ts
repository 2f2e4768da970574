import type { ColumnRecord, NamePath, Provenance, TableRecord, TableType, TagUse } from '../../model/records.ts';
import type { AtlasClassification, AtlasEntity, ObjectId } from './atlas-types.ts';
import { parseHiveType } from './hive-type.ts';
import { stillHolds } from './term-description.ts';
import type { TableShape, TypeRegistry } from './type-registry.ts';

const tableTypes: Readonly<Record<string, TableType>> = {
  MANAGED_TABLE: 'Regular',
  MANAGED: 'Regular',
  EXTERNAL_TABLE: 'External',
  EXTERNAL: 'External',
  VIRTUAL_VIEW: 'View',
  VIEW: 'View',
  MATERIALIZED_VIEW: 'MaterializedView',
};

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

export function qualifiedName(entity: AtlasEntity): string {
  return text(entity.attributes['qualifiedName']) ?? text(entity.attributes['name']) ?? entity.guid;
}

export function nameOf(entity: AtlasEntity): string {
  return text(entity.attributes['name']) ?? qualifiedName(entity);
}

export function provenanceOf(entity: AtlasEntity): Provenance {
  const modified = entity.attributes['__modificationTimestamp'];
  return {
    id: entity.guid,
    typeName: entity.typeName,
    qualifiedName: qualifiedName(entity),
    ...(typeof modified === 'number' && { modifiedAt: modified }),
  };
}

/** `description`, else the `comment` of Hive's own. */
export function descriptionOf(entity: AtlasEntity): { readonly description?: string } {
  const description = text(entity.attributes['description']) ?? text(entity.attributes['comment']);
  return description === undefined ? {} : { description };
}

/** A list of object ids in an attribute; empty for anything else. */
export function objectIds(value: unknown): readonly ObjectId[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is ObjectId => typeof item?.guid === 'string');
}

export function objectId(value: unknown): ObjectId | undefined {
  const guid = (value as ObjectId | undefined)?.guid;
  return typeof guid === 'string' ? (value as ObjectId) : undefined;
}

/** Its classifications and labels; from an older server, which sends names only, without attributes and as its own. */
export function tagsOf(entity: AtlasEntity, registry: TypeRegistry): TagUse[] {
  const { classifications, classificationNames = [] } = entity;
  const own = classifications
    ? tagUses(entity.guid, classifications, registry)
    : classificationNames.map((name) => ({ path: registry.tagPath(name), propagated: false }));
  return [
    ...own,
    ...(entity.labels ?? []).map((label) => ({ vocabulary: 'label' as const, path: [label], propagated: false })),
  ];
}

/** Paths of the glossary terms that are assigned to it; ended assignments do not count. */
export function termsOf(entity: AtlasEntity, registry: TypeRegistry): { readonly terms?: readonly NamePath[] } {
  const inFull = (entity.relationshipAttributes?.['meanings'] ?? []) as readonly AssignedTerm[];
  const guids = entity.meanings
    ? entity.meanings.filter(stillHolds).map(({ termGuid }) => termGuid)
    : inFull
        .filter(({ relationshipStatus }) => (relationshipStatus ?? 'ACTIVE') === 'ACTIVE')
        .filter(({ relationshipAttributes }) => stillHolds(relationshipAttributes?.attributes ?? {}))
        .map(({ guid }) => guid);
  const terms = guids.map((guid) => registry.termPath(guid)).filter((path) => path !== undefined);
  return terms.length === 0 ? {} : { terms };
}

/** An assignment as a full entity tells it. */
interface AssignedTerm extends ObjectId {
  readonly relationshipAttributes?: { readonly attributes?: { readonly status?: string | null } };
}

export function tagUses(
  guid: string,
  classifications: readonly AtlasClassification[],
  registry: TypeRegistry,
): TagUse[] {
  return classifications.map((classification) => ({
    path: registry.tagPath(classification.typeName),
    propagated: classification.entityGuid !== undefined && classification.entityGuid !== guid,
    ...(classification.attributes && { attributes: classification.attributes }),
    ...(classification.validityPeriods?.length && { validityPeriods: classification.validityPeriods }),
  }));
}

export function columnRecord(
  entity: AtlasEntity,
  shape: TableShape,
  registry: TypeRegistry,
  partitionKey: boolean,
): ColumnRecord {
  return {
    name: nameOf(entity),
    ...parseHiveType(text(entity.attributes[shape.column.type]) ?? ''),
    ...descriptionOf(entity),
    tags: tagsOf(entity, registry),
    ...termsOf(entity, registry),
    ...(partitionKey && { partitionKey }),
    provenance: provenanceOf(entity),
  };
}

/** Columns come in no particular order (FACTS, trap 5): by position, then by name. */
export function inOrder(columns: readonly AtlasEntity[], shape: TableShape): AtlasEntity[] {
  const { position } = shape.column;
  const place = (column: AtlasEntity): number => {
    const value = position === undefined ? undefined : column.attributes[position];
    return typeof value === 'number' ? value : Number.MAX_SAFE_INTEGER;
  };
  return [...columns].sort((a, b) => place(a) - place(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

export function tableRecord(
  entity: AtlasEntity,
  path: NamePath,
  columns: readonly { readonly column: AtlasEntity; readonly record: ColumnRecord }[],
  registry: TypeRegistry,
): TableRecord {
  const { attributes } = entity;
  const view = text(attributes['viewOriginalText']) ?? text(attributes['viewExpandedText']);
  const owner = text(attributes['owner']);
  const kind = tableTypes[String(attributes['tableType'] ?? '').toUpperCase()];
  const createdAt = attributes['createTime'];
  return {
    kind: 'table',
    path,
    provenance: provenanceOf(entity),
    ...descriptionOf(entity),
    ...(owner !== undefined && { owner }),
    tags: tagsOf(entity, registry),
    ...termsOf(entity, registry),
    ...registry.business.propertiesOf(
      entity,
      columns.map(({ column }) => column),
    ),
    tableType: kind ?? (view === undefined ? 'Regular' : 'View'),
    columns: columns.map(({ record }) => record),
    ...(view !== undefined && { viewDefinition: view }),
    ...(typeof createdAt === 'number' && createdAt > 0 && { createdAt }),
    ...parametersOf(attributes['parameters']),
    ...(entity.isIncomplete && { incomplete: true }),
  };
}

function parametersOf(value: unknown): { readonly parameters?: Readonly<Record<string, string>> } {
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) return {};
  return { parameters: Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)])) };
}
