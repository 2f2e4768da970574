import { MemoryEntityStore } from '../atlas/memory-store.ts';
import { type NewEntity, newEntity } from '../atlas/new-entity.ts';
import { propagateClassifications } from '../atlas/propagation.ts';
import { relate } from '../atlas/relationships.ts';
import type { Json, StoredEntity } from '../atlas/stored-entity.ts';
import type { TypeRegistry } from '../atlas/type-registry.ts';
import { stableGuid } from '../stable-guid.ts';
import type { GlossarySpec } from './glossary.ts';
import { buildGlossary } from './glossary.ts';
import { type ColumnSpec, type DatabaseSpec, readColumns, type TableSpec } from './table-spec.ts';

/** Monday, 3 February 2025, 06:00 UTC: when the first entity was made. */
const FIRST_ENTITY_AT = Date.UTC(2025, 1, 3, 6);

/** Collects the sample's entities, relates them, and hands them over as a store. */
export class WarehouseBuilder {
  readonly types: TypeRegistry;
  readonly #entities = new Map<string, StoredEntity>();
  #clock = FIRST_ENTITY_AT;

  constructor(types: TypeRegistry) {
    this.types = types;
  }

  add(from: Omit<NewEntity, 'createTime'>): StoredEntity {
    this.#clock += 1_370;
    const entity = newEntity(this.types, { ...from, createTime: this.#clock });
    this.#entities.set(`${entity.typeName} ${from.attributes.qualifiedName}`, entity);
    return entity;
  }

  /** @throws {TypeError} when there is no such entity: a slip in the sample's own files */
  entity(typeName: string, qualifiedName: string): StoredEntity {
    const found = this.#entities.get(`${typeName} ${qualifiedName}`);
    if (found === undefined) {
      throw new TypeError(`The sample has no ${typeName} ${qualifiedName}`);
    }
    return found;
  }

  relate(relationshipType: string, first: StoredEntity, second: StoredEntity): void {
    relate(this.types, relationshipType, first, second);
  }

  addDatabase(spec: DatabaseSpec): void {
    const database = this.add({
      typeName: 'hive_db',
      attributes: {
        name: spec.name,
        qualifiedName: `${spec.name}@${spec.cluster}`,
        clusterName: spec.cluster,
        description: spec.description,
        owner: spec.owner,
        ownerType: 'USER',
        location: `hdfs://${spec.cluster}-nn:8020/warehouse/${spec.name}.db`,
      },
    });
    for (const table of spec.tables) {
      this.#addTable(spec, table, database);
    }
  }

  #addTable(database: DatabaseSpec, spec: TableSpec, parent: StoredEntity): void {
    const status = spec.deleted === true ? 'DELETED' : 'ACTIVE';
    const table = this.add({
      typeName: 'hive_table',
      status,
      isIncomplete: spec.shell === true,
      attributes: {
        name: spec.name,
        qualifiedName: `${database.name}.${spec.name}@${database.cluster}`,
        description: spec.description,
        comment: spec.comment,
        owner: spec.owner,
        createTime: FIRST_ENTITY_AT,
        tableType: spec.shell === true ? null : (spec.type ?? 'MANAGED_TABLE'),
        viewOriginalText: spec.query,
        viewExpandedText: spec.query,
        parameters: spec.shell === true ? null : (spec.parameters ?? { transient_lastDdlTime: '1738562400' }),
      },
      classifications: spec.classifications ?? [],
      labels: spec.labels ?? [],
      ...(spec.customAttributes === undefined ? {} : { customAttributes: spec.customAttributes }),
      ...(spec.care === undefined ? {} : { businessAttributes: { care: spec.care } }),
    });
    this.relate('hive_table_db', table, parent);
    const columns = readColumns(spec.columns);
    const keys = readColumns(spec.partitions);
    this.#addColumns(database, spec, table, columns, 0, 'hive_table_columns');
    this.#addColumns(database, spec, table, keys, columns.length, 'hive_table_partitionkeys');
  }

  /** Adds columns in an order that says nothing about their position, as the real server lists them. */
  #addColumns(
    database: DatabaseSpec,
    spec: TableSpec,
    table: StoredEntity,
    columns: readonly ColumnSpec[],
    firstPosition: number,
    relationshipType: string,
  ): void {
    const placed = columns.map((column, index) => ({ ...column, position: firstPosition + index }));
    const scattered = placed.sort((one, other) => (stableGuid(one.name) < stableGuid(other.name) ? -1 : 1));
    for (const column of scattered) {
      const entity = this.add({
        typeName: 'hive_column',
        status: table.status,
        attributes: {
          name: column.name,
          qualifiedName: `${database.name}.${spec.name}.${column.name}@${database.cluster}`,
          type: column.type,
          comment: column.comment,
          position: column.position,
          owner: spec.owner,
        },
        classifications: spec.columnClassifications?.[column.name] ?? [],
      });
      this.relate(relationshipType, table, entity);
    }
  }

  /** A process of any type between entities that exist already. */
  addProcess(
    typeName: string,
    attributes: NewEntity['attributes'] & Json,
    inputs: readonly StoredEntity[],
    outputs: readonly StoredEntity[],
  ): StoredEntity {
    const process = this.add({ typeName, attributes });
    for (const input of inputs) {
      this.relate('dataset_process_inputs', process, input);
    }
    for (const output of outputs) {
      this.relate('process_dataset_outputs', process, output);
    }
    return process;
  }

  /** Everything added so far, classifications spread over the lineage. */
  build(glossary: GlossarySpec): MemoryEntityStore {
    const data = buildGlossary(glossary, (typeName, qualifiedName) => this.entity(typeName, qualifiedName));
    const store = new MemoryEntityStore(this.types, this.#entities.values(), data);
    propagateClassifications(store);
    return store;
  }
}
