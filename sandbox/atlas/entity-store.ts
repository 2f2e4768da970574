import type { EntityStatus, Json, StoredEntity } from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

export interface EntityQuery {
  /** Concrete type names; undefined means every type. */
  readonly types: ReadonlySet<string> | undefined;
  /** Concrete classification names, one of which the entity must carry; undefined means no such condition. */
  readonly classifications: ReadonlySet<string> | undefined;
  readonly excludeDeleted: boolean;
  readonly filter: EntityPredicate | undefined;
}

export interface EntityPredicate {
  matches(entity: StoredEntity): boolean;
  /** Set when the whole condition is one comparison on `__modificationTimestamp`: a store may answer it by arithmetic. */
  readonly modifiedAt?: (epochMillis: number) => boolean;
}

export interface Selection {
  readonly count: number;
  /** A page, produced one by one. */
  slice(offset: number, limit: number): Iterable<StoredEntity>;
}

export interface EntityCount {
  readonly typeName: string;
  readonly status: EntityStatus;
  readonly count: number;
}

export interface GlossaryData {
  readonly glossaries: readonly Json[];
  readonly terms: readonly Json[];
  readonly categories: readonly Json[];
}

/** Where the stand-in's entities come from: recordings, the sample warehouse or the generator. */
export interface AtlasEntityStore {
  readonly types: TypeRegistry;
  readonly glossary: GlossaryData;
  select(query: EntityQuery): Selection;
  get(guid: string): StoredEntity | undefined;
  find(typeName: string, qualifiedName: string): StoredEntity | undefined;
  counts(): EntityCount[];
}
