import type { AtlasEntityStore, EntityCount, EntityQuery, GlossaryData, Selection } from './entity-store.ts';
import type { StoredEntity } from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

/** Holds entities in memory, in the order in which they were added: the order that searches answer in. */
export class MemoryEntityStore implements AtlasEntityStore {
  readonly types: TypeRegistry;
  readonly glossary: GlossaryData;
  readonly #entities = new Map<string, StoredEntity>();
  readonly #hidden = new Set<string>();

  constructor(types: TypeRegistry, entities: Iterable<StoredEntity>, glossary: GlossaryData) {
    this.types = types;
    this.glossary = glossary;
    for (const entity of entities) {
      this.add(entity);
    }
  }

  add(entity: StoredEntity): void {
    this.#entities.set(entity.guid, entity);
  }

  remove(guid: string): void {
    this.#entities.delete(guid);
  }

  /** From here on no search finds the entity. */
  hide(guid: string): void {
    this.#hidden.add(guid);
  }

  all(): IterableIterator<StoredEntity> {
    return this.#entities.values();
  }

  get(guid: string): StoredEntity | undefined {
    return this.#entities.get(guid);
  }

  find(typeName: string, qualifiedName: string): StoredEntity | undefined {
    const types = this.types.withSubTypes(typeName);
    for (const entity of this.#entities.values()) {
      if (types.has(entity.typeName) && entity.attributes['qualifiedName'] === qualifiedName) {
        return entity;
      }
    }
    return undefined;
  }

  select(query: EntityQuery): Selection {
    const found = [...this.#entities.values()].filter(
      (entity) =>
        query.types?.has(entity.typeName) !== false &&
        !this.#hidden.has(entity.guid) &&
        !(query.excludeDeleted && entity.status === 'DELETED') &&
        (query.classifications === undefined ||
          entity.classifications.some((use) => query.classifications?.has(use.typeName))) &&
        query.filter?.matches(entity) !== false,
    );
    return { count: found.length, slice: (offset, limit) => found.slice(offset, offset + limit) };
  }

  counts(): EntityCount[] {
    const counts = new Map<string, { typeName: string; status: StoredEntity['status']; count: number }>();
    for (const { typeName, status } of this.#entities.values()) {
      const key = `${status} ${typeName}`;
      const entry = counts.get(key) ?? { typeName, status, count: 0 };
      entry.count += 1;
      counts.set(key, entry);
    }
    return [...counts.values()];
  }
}
