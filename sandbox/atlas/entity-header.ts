import type { Json, RelatedEnd, StoredEntity } from './stored-entity.ts';
import { endsOf } from './stored-entity.ts';
import type { RelationshipAttributeDef } from './type-definitions.ts';
import type { TypeRegistry } from './type-registry.ts';

export interface HeaderOptions {
  /** Attributes asked for on top of those that a header always has. */
  readonly attributes: readonly string[];
  readonly includeClassificationAttributes: boolean;
  /** Called with the guid of each entity that an asked attribute points to. */
  readonly refer?: (guid: string) => void;
}

const PLAIN: HeaderOptions = { attributes: [], includeClassificationAttributes: false };

/** An entity as searches and lineage show it: few attributes, references with their qualifiedName, names of labels. */
export function toHeader(types: TypeRegistry, entity: StoredEntity, options: HeaderOptions = PLAIN): Json {
  const meanings = endsOf(entity.relationshipAttributes['meanings']);
  return {
    typeName: entity.typeName,
    attributes: headerAttributes(types, entity, options),
    guid: entity.guid,
    status: entity.status,
    displayText: entity.attributes['name'] ?? entity.attributes['qualifiedName'],
    classificationNames: entity.classifications.map((use) => use.typeName),
    ...(options.includeClassificationAttributes ? { classifications: entity.classifications } : {}),
    meaningNames: meanings.map((end) => end.displayText),
    meanings: meanings.map(toMeaning),
    isIncomplete: entity.isIncomplete,
    labels: entity.labels,
  };
}

function headerAttributes(types: TypeRegistry, entity: StoredEntity, options: HeaderOptions): Json {
  const result: Json = {};
  for (const def of types.headerAttributes(entity.typeName)) {
    // Texts that were never set show as empty here, though the full entity has null.
    const value = entity.attributes[def.name] ?? (def.typeName === 'string' ? '' : undefined);
    if (value !== undefined) {
      result[def.name] = value;
    }
  }
  for (const name of options.attributes) {
    const value = result[name] ?? attributeValue(types, entity, name);
    if (value !== undefined && value !== null) {
      result[name] = value;
      referTo(types, entity.typeName, name, value, options.refer);
    }
  }
  return result;
}

/** The value of any attribute that a search may name; undefined or null when there is none. */
export function attributeValue(types: TypeRegistry, entity: StoredEntity, name: string): unknown {
  const recorded = entity.headerAttributes?.[name];
  if (recorded !== undefined) {
    return recorded;
  }
  const known = types.attribute(entity.typeName, name);
  switch (known?.kind) {
    case 'system':
      return systemValue(entity, name);
    case 'business':
      return entity.businessAttributes?.[known.group]?.[known.name];
    case 'relationship':
      return relatedValue(entity, known.def);
    default:
      return entity.attributes[name];
  }
}

function relatedValue(entity: StoredEntity, def: RelationshipAttributeDef): unknown {
  // A type may have several relationships of one name; a search follows only the first. So a partition column,
  // whose `table` is of another relationship than a column's, has none in a search.
  const ends = endsOf(entity.relationshipAttributes[def.name]).filter(
    (end) => end.relationshipType === def.relationshipTypeName,
  );
  if (def.typeName.startsWith('array<')) {
    return ends.map(toReference);
  }
  return ends[0] === undefined ? undefined : toReference(ends[0]);
}

function toReference(end: RelatedEnd): Json {
  return {
    guid: end.guid,
    typeName: end.typeName,
    ...(end.qualifiedName === undefined ? {} : { uniqueAttributes: { qualifiedName: end.qualifiedName } }),
  };
}

function systemValue(entity: StoredEntity, name: string): unknown {
  switch (name) {
    case '__guid':
      return entity.guid;
    case '__typeName':
      return entity.typeName;
    case '__state':
      return entity.status;
    case '__createdBy':
      return entity.createdBy;
    case '__modifiedBy':
      return entity.updatedBy;
    case '__timestamp':
      return entity.createTime;
    case '__modificationTimestamp':
      return entity.updateTime;
    case '__isIncomplete':
      return entity.isIncomplete;
    case '__labels':
      return piped(entity.labels);
    case '__customAttributes':
      return entity.customAttributes === undefined ? undefined : JSON.stringify(entity.customAttributes);
    default: {
      const own = name === '__classificationNames';
      return piped(
        entity.classifications.filter((use) => (use.entityGuid === entity.guid) === own).map((use) => use.typeName),
      );
    }
  }
}

const piped = (names: readonly string[]): string | undefined =>
  names.length === 0 ? undefined : `|${names.join('|')}|`;

function toMeaning(end: RelatedEnd): Json {
  const own = (end.relationshipAttributes['attributes'] ?? {}) as Json;
  return {
    termGuid: end.guid,
    relationGuid: end.relationshipGuid,
    displayText: end.displayText,
    confidence: own['confidence'] ?? 0,
    qualifiedName: end.qualifiedName,
  };
}

function referTo(
  types: TypeRegistry,
  typeName: string,
  name: string,
  value: unknown,
  refer: ((guid: string) => void) | undefined,
): void {
  if (refer === undefined || types.attribute(typeName, name)?.kind !== 'relationship') {
    return;
  }
  for (const each of Array.isArray(value) ? value : [value]) {
    refer((each as { guid: string }).guid);
  }
}
