import { sampleTypes } from '../sample/sample-types.ts';
import type { AtlasEntityStore, EntityCount, EntityQuery, GlossaryData, Selection } from './entity-store.ts';
import { GENERATED_AT, generatedEntity } from './generated-entity.ts';
import { GENERATED_TYPES, GeneratedShape, type GeneratedType, type GenerateOptions } from './generated-shape.ts';
import type { StoredEntity } from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

interface Range {
  readonly type: GeneratedType;
  readonly count: number;
}

/** Makes up any number of entities without holding one: each is worked out from its index when it is asked for. */
export class GeneratedEntityStore implements AtlasEntityStore {
  readonly types: TypeRegistry = sampleTypes();
  readonly glossary: GlossaryData = { glossaries: [], terms: [], categories: [] };
  readonly #shape: GeneratedShape;

  /** @throws {RangeError} for counts that are not whole numbers */
  constructor(options: GenerateOptions) {
    this.#shape = new GeneratedShape(options);
  }

  /** Changes a share of the tables now; those that were changed before are as they were. @returns how many */
  change(share: number): number {
    this.#shape.change(share);
    return this.#shape.changedTables;
  }

  get(guid: string): StoredEntity | undefined {
    const found = this.#shape.ofGuid(guid);
    return found === undefined ? undefined : this.#entity(...found);
  }

  find(typeName: string, qualifiedName: string): StoredEntity | undefined {
    // Every generated name carries its index, so that no search through all of them is needed.
    const digits = qualifiedName.match(/\d+/g)?.map(Number) ?? [];
    for (const type of GENERATED_TYPES) {
      for (const index of this.types.withSubTypes(typeName).has(type) ? this.#candidates(type, digits) : []) {
        const entity = index < this.#shape.count(type) ? this.#entity(type, index) : undefined;
        if (entity?.attributes['qualifiedName'] === qualifiedName) {
          return entity;
        }
      }
    }
    return undefined;
  }

  #candidates(type: GeneratedType, digits: readonly number[]): number[] {
    if (type !== 'hive_column') {
      return [...digits];
    }
    const [, table, position] = digits;
    const known = table !== undefined && position !== undefined && position < this.#shape.columns;
    return known ? [this.#shape.columnAt(table, position)] : [];
  }

  counts(): EntityCount[] {
    return GENERATED_TYPES.map((typeName) => ({ typeName, status: 'ACTIVE', count: this.#shape.count(typeName) }));
  }

  select(query: EntityQuery): Selection {
    const ranges = GENERATED_TYPES.filter((type) => query.types?.has(type) !== false).map((type) => ({
      type,
      count: this.#shape.count(type),
    }));
    const { filter, classifications } = query;
    if (filter?.modifiedAt !== undefined && !filter.modifiedAt(GENERATED_AT)) {
      const isAsked = query.types?.has('hive_table') !== false && filter.modifiedAt(this.#shape.changedAt);
      return isAsked && classifications === undefined ? this.#changed() : { count: 0, slice: () => [] };
    }
    if (classifications === undefined && (filter === undefined || filter.modifiedAt !== undefined)) {
      const count = ranges.reduce((sum, range) => sum + range.count, 0);
      return { count, slice: (offset, limit) => this.#page(ranges, offset, limit) };
    }
    return this.#scan(ranges, query);
  }

  #changed(): Selection {
    const count = this.#shape.changedTables;
    const tables = (offset: number, limit: number): number[] =>
      Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, at) =>
        this.#shape.changedTable(offset + at),
      );
    return {
      count,
      slice: (offset, limit) => Iterator.from(tables(offset, limit)).map((table) => this.#entity('hive_table', table)),
    };
  }

  /** Jumps to the offset: the cost of a page does not depend on where it is. */
  *#page(ranges: readonly Range[], offset: number, limit: number): Iterable<StoredEntity> {
    let [skip, left] = [offset, limit];
    for (const { type, count } of ranges) {
      for (let index = skip; index < count && left > 0; index += 1) {
        yield this.#entity(type, index);
        left -= 1;
      }
      skip = Math.max(0, skip - count);
    }
  }

  /** For conditions that need a look at each entity: slow, but still without holding any. */
  #scan(ranges: readonly Range[], query: EntityQuery): Selection {
    const shape = this.#shape;
    const make = (type: GeneratedType, index: number): StoredEntity => this.#entity(type, index);
    function* matching(): Iterable<readonly [GeneratedType, number]> {
      for (const { type, count } of ranges) {
        for (let index = 0; index < count; index += 1) {
          const classification = shape.classificationOf(type, index) ?? '';
          if (query.classifications?.has(classification) === false) {
            continue;
          }
          if (query.filter === undefined || query.filter.matches(make(type, index))) {
            yield [type, index];
          }
        }
      }
    }
    return {
      count: Iterator.from(matching()).reduce((sum) => sum + 1, 0),
      slice: (offset, limit) =>
        Iterator.from(matching())
          .drop(offset)
          .take(limit)
          .map(([type, index]) => make(type, index)),
    };
  }

  #entity(type: GeneratedType, index: number): StoredEntity {
    return generatedEntity(this.types, this.#shape, type, index);
  }
}
