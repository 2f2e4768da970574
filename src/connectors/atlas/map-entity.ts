import type { AssetFields, NamePath, Provenance, TagUse } from '../../model/records.ts';
import type { AtlasClassification, AtlasEntity, ObjectId } from './atlas-types.ts';
import { stillHolds } from './term-description.ts';
import type { TypeRegistry } from './type-registry.ts';

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

export function qualifiedName(entity: AtlasEntity): string {
  return text(entity.attributes['qualifiedName']) ?? text(entity.attributes['name']) ?? entity.guid;
}

export function nameOf(entity: AtlasEntity): string {
  return text(entity.attributes['name']) ?? qualifiedName(entity);
}

/** Where a part of an asset comes from. Its time of change is not told: it depends on how it was read. */
export function originOf(entity: AtlasEntity): Provenance {
  return { id: entity.guid, typeName: entity.typeName, qualifiedName: qualifiedName(entity) };
}

export function provenanceOf(entity: AtlasEntity): Provenance {
  const modified = entity.attributes['__modificationTimestamp'] ?? entity.updateTime;
  return { ...originOf(entity), ...(typeof modified === 'number' && { modifiedAt: modified }) };
}

/** `description`, else the `comment` that columns and tables have of their own system. */
export function descriptionOf(entity: AtlasEntity): { readonly description?: string } {
  const description = text(entity.attributes['description']) ?? text(entity.attributes['comment']);
  return description === undefined ? {} : { description };
}

function isLive(id: ObjectId): boolean {
  return (id.entityStatus ?? 'ACTIVE') === 'ACTIVE' && (id.relationshipStatus ?? 'ACTIVE') === 'ACTIVE';
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

/** What an entity is related to by an attribute and still is: a search's row has it as attribute, a full one tells more. */
export function related(entity: AtlasEntity, attribute: string): readonly ObjectId[] {
  const value = entity.relationshipAttributes?.[attribute] ?? entity.attributes[attribute];
  const ids = Array.isArray(value) ? objectIds(value) : [objectId(value)].filter((id) => id !== undefined);
  return ids.filter(isLive);
}

/** A whole number from 0 on. */
export function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** What the mapping of an entity knows beside the entity. */
export interface Mapping {
  readonly registry: TypeRegistry;
}

/** What every asset has, whatever its kind. Its columns' properties are told among its own. */
export function entityFields(
  entity: AtlasEntity,
  path: NamePath,
  { registry }: Mapping,
  columns: readonly AtlasEntity[] = [],
): AssetFields {
  const owner = text(entity.attributes['owner']);
  return {
    path,
    provenance: provenanceOf(entity),
    ...descriptionOf(entity),
    ...(owner !== undefined && { owner }),
    tags: tagsOf(entity, registry),
    ...termsOf(entity, registry),
    ...registry.business.propertiesOf(entity, columns),
    ...(entity.isIncomplete && { incomplete: true }),
  };
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
