import { unknownGuid } from './atlas-error.ts';
import type { AtlasEntityStore } from './entity-store.ts';
import type { JsonPart } from './json-stream.ts';
import type { ServerFeatures } from './server-features.ts';
import { endsOf, type Json, type StoredEntity } from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

export interface EntityAnswerOptions {
  readonly ignoreRelationships: boolean;
  /** Referred entities with only the few attributes that their type shows in a schema table. */
  readonly minExtInfo: boolean;
}

/** The answer of `entity/guid/{guid}` and of its sister by unique attribute. */
export function oneEntity(
  store: AtlasEntityStore,
  features: ServerFeatures,
  entity: StoredEntity,
  options: EntityAnswerOptions,
): JsonPart[] {
  return [
    { key: 'referredEntities', entries: referred(store, features, [entity], options) },
    { key: 'entity', value: toEntity(store.types, features, entity, options.ignoreRelationships) },
  ];
}

/**
 * The answer of `entity/bulk`.
 * @throws {AtlasError} 404 for the whole batch when one guid is unknown
 */
export function bulkEntities(
  store: AtlasEntityStore,
  features: ServerFeatures,
  guids: readonly string[],
  options: EntityAnswerOptions,
): JsonPart[] {
  const entities = [...new Set(guids)].map((guid) => {
    const entity = store.get(guid);
    if (entity === undefined) {
      throw unknownGuid(guid);
    }
    return entity;
  });
  return [
    { key: 'referredEntities', entries: referred(store, features, entities, options) },
    { key: 'entities', items: rendered(store.types, features, entities, options.ignoreRelationships) },
  ];
}

function* rendered(
  types: TypeRegistry,
  features: ServerFeatures,
  entities: readonly StoredEntity[],
  ignoreRelationships: boolean,
): Iterable<Json> {
  for (const entity of entities) {
    yield toEntity(types, features, entity, ignoreRelationships);
  }
}

/** An entity in full. */
export function toEntity(
  types: TypeRegistry,
  features: ServerFeatures,
  entity: StoredEntity,
  ignoreRelationships: boolean,
): Json {
  const { headerAttributes: _, classifications, customAttributes, businessAttributes, labels, ...rest } = entity;
  const related = new Set(types.relationshipAttributes(entity.typeName).map((def) => def.name));
  const own = Object.entries(entity.attributes).filter(([name]) => !related.has(name));
  return {
    ...rest,
    attributes: ignoreRelationships ? Object.fromEntries(own) : entity.attributes,
    relationshipAttributes: ignoreRelationships ? undefined : entity.relationshipAttributes,
    ...(classifications.length > 0 ? { classifications } : {}),
    ...(features.systemAttributes ? { customAttributes, businessAttributes, labels } : {}),
  };
}

/** Everything that the entities own (their columns, indexes …), each once. */
function* referred(
  store: AtlasEntityStore,
  features: ServerFeatures,
  entities: readonly StoredEntity[],
  options: EntityAnswerOptions,
): Iterable<readonly [string, Json]> {
  if (options.ignoreRelationships) {
    return;
  }
  const seen = new Set<string>();
  const queue = entities.flatMap((entity) => ownedBy(store.types, entity));
  for (const guid of queue) {
    const entity = seen.has(guid) ? undefined : store.get(guid);
    seen.add(guid);
    if (entity !== undefined) {
      yield [
        guid,
        options.minExtInfo ? toMinimum(store.types, entity) : toEntity(store.types, features, entity, false),
      ];
      queue.push(...ownedBy(store.types, entity));
    }
  }
}

/** Guids of the entities that live and die with this one. */
export function ownedBy(types: TypeRegistry, entity: StoredEntity): string[] {
  return types.relationshipAttributes(entity.typeName).flatMap((attribute) => {
    const def = types.relationship(attribute.relationshipTypeName);
    const end = [def?.endDef1, def?.endDef2].find((each) => each?.isContainer === true);
    if (def?.relationshipCategory !== 'COMPOSITION' || end?.name !== attribute.name) {
      return [];
    }
    return endsOf(entity.relationshipAttributes[attribute.name]).map((each) => each.guid);
  });
}

function toMinimum(types: TypeRegistry, entity: StoredEntity): Json {
  const listed = types.entity(entity.typeName)?.options?.['schemaAttributes'];
  const names = listed === undefined ? ['name', 'qualifiedName'] : (JSON.parse(listed) as string[]);
  return {
    typeName: entity.typeName,
    attributes: Object.fromEntries(names.map((name) => [name.trim(), entity.attributes[name.trim()] ?? null])),
    guid: entity.guid,
    status: entity.status,
  };
}
