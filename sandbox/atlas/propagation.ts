import type { MemoryEntityStore } from './memory-store.ts';
import { type ClassificationUse, endsOf, type RelatedEnd, type StoredEntity } from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

/**
 * Works out anew which classifications reach which entities over lineage, and writes them onto the entities.
 * @returns the entities whose classifications are others now
 */
export function propagateClassifications(store: MemoryEntityStore): StoredEntity[] {
  const reached = new Map<string, ClassificationUse[]>();
  for (const origin of store.all()) {
    const spreading = ownUses(origin).filter((use) => use.propagate && origin.status === 'ACTIVE');
    if (spreading.length > 0) {
      for (const guid of downstreamOf(store, origin)) {
        reached.set(guid, [...(reached.get(guid) ?? []), ...spreading]);
      }
    }
  }
  const changed: StoredEntity[] = [];
  for (const entity of store.all()) {
    const uses = [...ownUses(entity), ...(reached.get(entity.guid) ?? [])];
    // What is deleted keeps what it had.
    if (entity.status === 'ACTIVE' && keysOf(uses) !== keysOf(entity.classifications)) {
      entity.classifications = uses;
      changed.push(entity);
    }
  }
  return changed;
}

const ownUses = (entity: StoredEntity): ClassificationUse[] =>
  entity.classifications.filter((use) => use.entityGuid === entity.guid);

const keysOf = (uses: readonly ClassificationUse[]): string =>
  uses
    .map((use) => `${use.typeName} ${use.entityGuid}`)
    .sort()
    .join('\n');

function downstreamOf(store: MemoryEntityStore, origin: StoredEntity): Set<string> {
  const seen = new Set([origin.guid]);
  for (const guid of seen) {
    const entity = store.get(guid);
    for (const [name, ends] of Object.entries(entity?.relationshipAttributes ?? {})) {
      for (const end of endsOf(ends)) {
        if (entity !== undefined && flowsOut(store.types, entity, name, end)) {
          seen.add(end.guid);
        }
      }
    }
  }
  seen.delete(origin.guid);
  return seen;
}

function flowsOut(types: TypeRegistry, entity: StoredEntity, attribute: string, end: RelatedEnd): boolean {
  const def = types.relationship(end.relationshipType);
  if (def === undefined || end.relationshipStatus !== 'ACTIVE') {
    return false;
  }
  const first = def.endDef1.name === attribute && types.withSuperTypes(entity.typeName).has(def.endDef1.type);
  return def.propagateTags === 'BOTH' || def.propagateTags === (first ? 'ONE_TO_TWO' : 'TWO_TO_ONE');
}
