import type { TypeRegistry } from '../type-registry.ts';
import type { Family, Home, HomeKind, Role, TypeRule } from './family.ts';

/** The types that Atlas ships, by what their entities become. What is not here follows from its supertypes. */
const shipped: Readonly<Record<string, Home>> = {
  ...homes('holder', 'hive', 'hive_db'),
  ...assets('table', 'hive', 'hive_table'),
  ...homes('part', 'hive', 'hive_column'),
  ...homes('holder', 'rdbms', 'rdbms_instance rdbms_db'),
  ...assets('table', 'rdbms', 'rdbms_table'),
  ...homes('part', 'rdbms', 'rdbms_column rdbms_index rdbms_foreign_key'),
  ...homes('holder', 'hbase', 'hbase_namespace'),
  ...assets('table', 'hbase', 'hbase_table'),
  ...homes('part', 'hbase', 'hbase_column_family hbase_column'),
  ...homes('holder', 'spark', 'spark_db'),
  ...assets('table', 'spark', 'spark_table'),
  ...homes('part', 'spark', 'spark_column'),
  ...homes('holder', 'trino', 'trino_instance trino_catalog trino_schema'),
  ...assets('table', 'trino', 'trino_table'),
  ...homes('part', 'trino', 'trino_column'),
  ...homes('holder', 'couchbase', 'couchbase_cluster couchbase_bucket couchbase_scope'),
  ...assets('table', 'couchbase', 'couchbase_collection'),
  ...homes('part', 'couchbase', 'couchbase_field'),
  ...assets('topic', 'kafka', 'kafka_topic jms_topic'),
  ...assets('container', 'avro', 'avro_schema'),
  ...homes('part', 'avro', 'avro_type'),
  ...assets('container', 'paths', 'fs_path'),
  ...assets('container', 's3', 'aws_s3_bucket aws_s3_pseudo_dir aws_s3_object aws_s3_v2_base'),
  ...assets('container', 's3', 'aws_s3_v2_container aws_s3_v2_contained'),
  ...assets('container', 'adls', 'adls_gen2_account adls_gen2_container adls_gen2_directory adls_gen2_blob'),
  ...assets('container', 'adls', 'adls_gen2_parent adls_gen2_child'),
  ...assets('container', 'gcs', 'gcp_storage_base gcp_storage_parent gcp_storage_child'),
  ...assets('container', 'ozone', 'ozone_volume ozone_bucket ozone_key ozone_parent ozone_child'),
  ...assets('mlmodel', 'ml', 'ml_project ml_model_build ml_model_deployment spark_ml_model spark_ml_pipeline'),
  ...homes('part', 'ml', 'spark_ml_directory'),
};

/** Last resorts: so wide that a type is looked at by its other supertypes and its attributes first. */
const wide: readonly (readonly [string, Home])[] = [
  ['__internal', { role: 'internal' }],
  ['Process', { role: 'process', family: 'pipelines' }],
  ['ProcessExecution', { role: 'run', family: 'pipelines' }],
  ['Path', { role: 'asset', family: 'paths', kind: 'container' }],
  ['DataSet', { role: 'asset', family: 'custom', kind: 'container' }],
];

/** Types that say nothing of what is below them. */
const tooWide: ReadonlySet<string> = new Set([
  'Referenceable',
  'Asset',
  'Infrastructure',
  'DataSet',
  'Path',
  'Process',
]);

/** Types that name everything when a recipe asks for them. */
export const everything: ReadonlySet<string> = new Set(['Referenceable', 'Asset', 'DataSet']);

function homes(role: Role, family: Family, names: string): Record<string, Home> {
  return Object.fromEntries(names.split(' ').map((name) => [name, { role, family }]));
}

function assets(kind: HomeKind, family: Family, names: string): Record<string, Home> {
  return Object.fromEntries(names.split(' ').map((name) => [name, { role: 'asset', family, kind } as const]));
}

/** Where the entities of each type of a server go: by its name where Atlas ships it, else by what it inherits. */
export class TypeHomes {
  readonly #registry: TypeRegistry;
  readonly #rules: Readonly<Record<string, TypeRule>>;
  readonly #known = new Map<string, Home>();
  readonly #around = new Map<string, Home>();

  /** @param rules what a recipe says of types of its own (`meridian.types`) */
  constructor(registry: TypeRegistry, rules: Readonly<Record<string, TypeRule>> = {}) {
    this.#registry = registry;
    this.#rules = rules;
    for (const type of registry.tableTypes()) this.#placeAround(type);
  }

  /** All types of the server with their homes, by name. */
  all(): ReadonlyMap<string, Home> {
    return new Map(
      this.#registry
        .names()
        .sort()
        .map((name) => [name, this.of(name)]),
    );
  }

  of(type: string): Home {
    let home = this.#known.get(type);
    if (!home) {
      home = this.#withRule(type, this.#default(type));
      this.#known.set(type, home);
    }
    return home;
  }

  #default(type: string): Home {
    if (type.startsWith('__')) return { role: 'internal' };
    if (type.startsWith('AtlasGlossary')) return { role: 'vocabulary' };
    const lineage = this.#registry.lineage(type);
    if (this.#registry.isA(type, 'Process') && lineage.some((name) => name.endsWith('column_lineage'))) {
      return { role: 'columnLineage', family: 'pipelines' };
    }
    const known = lineage.find((name) => Object.hasOwn(shipped, name));
    if (known !== undefined) return shipped[known]!;
    const around = lineage.map((name) => this.#around.get(name)).find((home) => home !== undefined);
    if (around) return around;
    return wide.find(([name]) => lineage.includes(name))?.[1] ?? { role: 'none' };
  }

  /** A table-like type of one's own makes its database type a holder, and its column type a part. */
  #placeAround(type: string): void {
    if (this.#registry.lineage(type).some((name) => Object.hasOwn(shipped, name))) return;
    const shape = this.#registry.tableShape(type);
    if (!shape) return;
    const family: Family = type.startsWith('impala') ? 'impala' : 'custom';
    this.#around.set(type, { role: 'asset', family, kind: 'table' });
    for (const [other, role] of [
      [shape.columnType, 'part'],
      [shape.dbType, 'holder'],
    ] as const) {
      if (!tooWide.has(other) && !this.#around.has(other)) this.#around.set(other, { role, family });
    }
  }

  /** The rule of the type itself or of the nearest type above it. */
  #withRule(type: string, home: Home): Home {
    const ruled = this.#registry.lineage(type).find((name) => Object.hasOwn(this.#rules, name));
    if (ruled === undefined) return home;
    const { as, service } = this.#rules[ruled]!;
    const named = service === undefined ? {} : { service };
    if (as === undefined) return { ...home, ...named };
    if (as === 'skip') return { role: 'skip' };
    if (as === 'pipeline') return { role: 'process', family: 'pipelines', kind: 'pipeline', ...named };
    return { role: 'asset', family: home.kind === as && home.family ? home.family : 'custom', kind: as, ...named };
  }
}
