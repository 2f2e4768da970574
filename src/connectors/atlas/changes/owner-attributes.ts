import type { TypeRegistry } from '../type-registry.ts';

/**
 * Which attributes lead from an entity to the one that holds it, by the types alone: a single reference to a type that
 * lists this one (`hive_column.table`, since `hive_table.columns` is a list of columns). True for types of one's own too.
 */
export class OwnerAttributes {
  readonly #registry: TypeRegistry;
  readonly #known = new Map<string, readonly string[]>();
  readonly #columnLists = new Map<string, readonly string[]>();
  readonly #supertypes = new Map<string, boolean>();
  #holders: ReadonlySet<string> | undefined;

  constructor(registry: TypeRegistry) {
    this.#registry = registry;
  }

  /** Attributes of a type that name its owners. */
  of(type: string): readonly string[] {
    let names = this.#known.get(type);
    if (!names) {
      names = [...this.#registry.attributes(type)]
        .filter(([, target]) => this.#registry.has(target) && this.#lists(target, type))
        .map(([name]) => name);
      this.#known.set(type, names);
    }
    return names;
  }

  /** Attributes by which a table lists its columns, or a column those within it. */
  columnLists(type: string): readonly string[] {
    let names = this.#columnLists.get(type);
    if (!names) {
      const shapes = this.#registry.tableTypes().map((table) => this.#registry.tableShape(table)!);
      const own = shapes.filter(({ tableType }) => tableType === type).map(({ columns }) => columns);
      const inner = shapes
        .filter(({ columnType }) => columnType === type)
        .flatMap((shape) => shape.inner?.listed ?? []);
      names = [...new Set([...own, ...inner])];
      this.#columnLists.set(type, names);
    }
    return names;
  }

  isProcess(type: string): boolean {
    return this.#isA(type, 'Process');
  }

  /** Whether entities of a type can be a part of lineage, or hold one: what is none of both stands around others. */
  isContent(type: string): boolean {
    return this.#isA(type, 'DataSet') || this.isProcess(type);
  }

  /** Parts of the schema of a message or an object, nested in each other. */
  isSchemaPart(type: string): boolean {
    return this.#isA(type, 'avro_type') || this.#isA(type, 'spark_ml_directory');
  }

  /** Types whose entities stand around others (databases, schemas, instances). They are few. */
  holders(): ReadonlySet<string> {
    if (!this.#holders) {
      const found = new Set<string>();
      // What tables name as their database is a holder, as is all around it, also where it counts as data by its
      // supertypes (Spark's databases do, and relational instances).
      const databases = new Set<string>();
      for (const type of this.#registry.names()) {
        const database = this.#registry.tableShape(type)?.dbType;
        if (database !== undefined) databases.add(database);
        for (const target of this.#ownerTypes(type)) {
          for (const below of this.#registry.withSubtypes(target)) if (!this.isContent(below)) found.add(below);
        }
      }
      // What is added while it is walked through is walked through too.
      for (const type of databases) {
        for (const below of this.#registry.withSubtypes(type)) found.add(below);
        for (const target of this.#ownerTypes(type)) databases.add(target);
      }
      this.#holders = found;
    }
    return this.#holders;
  }

  #ownerTypes(type: string): string[] {
    const attributes = this.#registry.attributes(type);
    return this.of(type).map((name) => attributes.get(name)!);
  }

  #lists(holder: string, type: string): boolean {
    for (const target of this.#registry.attributes(holder).values()) {
      const item = /^array<(.+)>$/.exec(target)?.[1];
      if (item !== undefined && item !== 'Referenceable' && this.#isA(type, item)) return true;
    }
    return false;
  }

  #isA(type: string, ancestor: string): boolean {
    const key = `${type} ${ancestor}`;
    let known = this.#supertypes.get(key);
    if (known === undefined) {
      known = this.#registry.isA(type, ancestor);
      this.#supertypes.set(key, known);
    }
    return known;
  }
}
