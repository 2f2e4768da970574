import { stableGuid } from '../stable-guid.ts';
import { endsOf, type RelatedEnd, type StoredEntity } from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

/**
 * Relates two entities: writes both ends, and the short form that legacy attributes have beside them.
 * @param first the entity at the relationship's first end, as the type definition orders them
 * @throws {TypeError} for an unknown relationship type
 */
export function relate(types: TypeRegistry, relationshipType: string, first: StoredEntity, second: StoredEntity): void {
  const def = types.relationship(relationshipType);
  if (def === undefined) {
    throw new TypeError(`No relationship type ${relationshipType}`);
  }
  const relationshipGuid = stableGuid(`${relationshipType} ${first.guid} ${second.guid}`);
  const attach = (entity: StoredEntity, other: StoredEntity, endDef: typeof def.endDef1): void => {
    const end: RelatedEnd = {
      guid: other.guid,
      typeName: other.typeName,
      entityStatus: other.status,
      displayText: String(other.attributes['name']),
      relationshipType,
      relationshipGuid,
      relationshipStatus: 'ACTIVE',
      relationshipAttributes: { typeName: relationshipType },
      qualifiedName: String(other.attributes['qualifiedName']),
    };
    const single = endDef.cardinality === 'SINGLE';
    const present = endsOf(entity.relationshipAttributes[endDef.name]);
    entity.relationshipAttributes[endDef.name] = single ? end : [...present, end];
    if (endDef.isLegacyAttribute) {
      // Where a type has the attribute besides the relationship (a process' inputs), the reference is a full one.
      const full = types.attributes(entity.typeName).has(endDef.name);
      const uniqueAttributes = { qualifiedName: other.attributes['qualifiedName'] };
      const short = { guid: other.guid, typeName: other.typeName, ...(full ? { uniqueAttributes } : {}) };
      const shorts = (entity.attributes[endDef.name] ?? []) as unknown[];
      entity.attributes[endDef.name] = single ? short : [...shorts, short];
    }
  };
  attach(first, second, def.endDef1);
  attach(second, first, def.endDef2);
}

/** Every end that other entities have of this one, with the entity it stands in. */
export function* endsPointingAt(
  entity: StoredEntity,
  get: (guid: string) => StoredEntity | undefined,
): Iterable<{ readonly holder: StoredEntity; readonly attribute: string; readonly end: RelatedEnd }> {
  for (const own of Object.values(entity.relationshipAttributes).flatMap(endsOf)) {
    const holder = get(own.guid);
    for (const [attribute, ends] of Object.entries(holder?.relationshipAttributes ?? {})) {
      for (const end of endsOf(ends)) {
        if (holder !== undefined && end.guid === entity.guid && end.relationshipGuid === own.relationshipGuid) {
          yield { holder, attribute, end };
        }
      }
    }
  }
}
