import { ConfigurationError, MeridianError } from '../../errors.ts';
import type { NamePath, SourceRecord } from '../../model/records.ts';
import type { GoneCandidate, Presence, Source, SourceCheck, SourceContext, TargetNames } from '../source.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasEntity } from './atlas-types.ts';
import { confirmGone } from './confirm-gone.ts';
import { GlossaryPlaces } from './glossary-places.ts';
import { glossaryRecords } from './glossary-records.ts';
import { descriptionOf, nameOf, provenanceOf, qualifiedName, tagsOf, termsOf, text } from './map-entity.ts';
import { choosePlaces, clusterOf } from './places.ts';
import { readGlossaries } from './read-glossaries.ts';
import { lineageRecords, spoolLineage } from './read-lineage.ts';
import { readTables } from './read-tables.ts';
import { reportProblem } from './search-pages.ts';
import { Spool } from './spool.ts';
import { type TableShape, TypeRegistry } from './type-registry.ts';
import { withLabelTags } from './with-label-tags.ts';

export interface AtlasSourceOptions {
  /** Closed with the source. */
  readonly reader: AtlasReader;
  readonly databaseServiceName: readonly string[];
  readonly messagingServiceName: readonly string[];
  /** An Atlas type; its subtypes are read with it. */
  readonly entityType: string;
  readonly mode: 'enrich' | 'create';
  readonly serviceName: string;
  /** Cluster → `service` or `service.database`. */
  readonly clusters: Readonly<Record<string, string>>;
  readonly columnsBySearchLimit?: number;
  /** Whether glossaries and assignments of their terms are told. */
  readonly glossaries?: boolean;
  readonly targetNames: TargetNames;
}

interface Database {
  readonly entity: AtlasEntity;
  readonly path: NamePath;
}

/** Apache Atlas as a source, whatever reads it (1.1 and later; proven on 2.5). */
export class AtlasSource implements Source {
  readonly emits = [
    'databaseService',
    'customProperty',
    'tag',
    'glossary',
    'glossaryTerm',
    'termRelation',
    'database',
    'databaseSchema',
    'table',
    'lineage',
  ] as const;
  readonly #options: AtlasSourceOptions;
  readonly #reader: AtlasReader;
  /** Version of the server, once it is known. */
  version: string | undefined;

  constructor(options: AtlasSourceOptions) {
    this.#options = options;
    this.#reader = options.reader;
  }

  confirmGone(candidates: readonly GoneCandidate[], signal: AbortSignal): Promise<readonly Presence[]> {
    return confirmGone(this.#reader, candidates, signal);
  }

  requestCount(): number {
    return this.#reader.requestCount;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  async *test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    try {
      yield {
        name: 'reach Apache Atlas and sign in',
        ok: true,
        message: `version ${await this.#reader.version(signal)}`,
      };
      const registry = new TypeRegistry(await this.#reader.typeDefs(signal));
      const shapes = await this.#shapes(registry, signal);
      for (const shape of shapes) {
        const count = await this.#reader.count(shape.tableType, signal);
        yield { name: `read ${shape.tableType}`, ok: count > 0, message: `${count} entities` };
      }
    } catch (error) {
      const help = error instanceof MeridianError ? error.help : undefined;
      const message = error instanceof Error ? error.message : String(error);
      yield { name: 'Apache Atlas', ok: false, message, ...(help !== undefined && { help }) };
    }
  }

  records(context: SourceContext): AsyncIterable<SourceRecord> {
    return withLabelTags(this.#records(context));
  }

  async *#records(context: SourceContext): AsyncIterable<SourceRecord> {
    const { signal } = context;
    this.version = await this.#reader.version(signal);
    const registry = new TypeRegistry(await this.#reader.typeDefs(signal));
    const shapes = await this.#shapes(registry, signal);
    const spool = new Spool();
    try {
      const databases = await this.#databases(shapes, registry, context);
      // Services first: a missing or an ambiguous one ends the run before anything is written.
      yield* serviceRecords(databases);
      yield* registry.business.records();
      yield* tagRecords(registry);
      yield* this.#vocabularies(registry, context);
      yield* databaseRecords(databases, registry);
      await spoolLineage(this.#reader, registry, spool, context);
      for (const shape of shapes) {
        yield* readTables(shape, {
          client: this.#reader,
          registry,
          spool,
          context,
          columnsBySearchLimit: this.#options.columnsBySearchLimit ?? 100_000,
          schemaPath: (guid) => databases.get(guid)?.path,
        });
      }
      yield* lineageRecords(spool, context);
    } finally {
      spool.close();
    }
  }

  /** Glossaries, and from then on the places of their terms; where reading them fails, those of earlier runs. */
  async *#vocabularies(registry: TypeRegistry, context: SourceContext): AsyncIterable<SourceRecord> {
    if (!this.#options.glossaries) return;
    const places = new GlossaryPlaces(context.memory);
    registry.termPath = (guid) => places.placeOf(guid)?.path;
    const contents = await readGlossaries(this.#reader, context);
    if (!contents) return;
    places.settle(contents);
    yield* glossaryRecords(contents, places, registry);
  }

  /** The table-like types that `entity_type` names. */
  async #shapes(registry: TypeRegistry, signal: AbortSignal): Promise<TableShape[]> {
    const { entityType } = this.#options;
    const name = registry.spelling(entityType);
    const shapes = (name === undefined ? [] : registry.withSubtypes(name))
      .map((type) => registry.tableShape(type))
      .filter((shape) => shape !== undefined);
    if (shapes.length > 0) return shapes;
    const counted = [];
    for (const type of registry.tableTypes()) {
      counted.push(`${type} (${await this.#reader.count(type, signal).catch(() => '?')})`);
    }
    const why = name === undefined ? 'is not a type of this Apache Atlas' : 'is no type of tables';
    throw new ConfigurationError('atlas.entity-type', `entity_type “${entityType}” ${why}.`, {
      help: `Types of tables there, with how many entities each has: ${counted.join(', ') || '(none)'}. Hive is hive_table.`,
    });
  }

  /** The live databases of the shapes' database types, each with its place; by guid. */
  async #databases(
    shapes: readonly TableShape[],
    registry: TypeRegistry,
    context: SourceContext,
  ): Promise<ReadonlyMap<string, Database>> {
    const found: AtlasEntity[] = [];
    for (const type of new Set(shapes.map((shape) => shape.dbType))) {
      const own = registry.common([type], ['clusterName', 'parameters', 'location']);
      const attributes = [...own, ...registry.addedAttributes([type])];
      for await (const page of this.#reader.pages({ types: [type], attributes }, 1, context.signal)) {
        reportProblem(page, 'databaseSchema', type, context);
        found.push(...page.entities.filter((entity) => entity.status !== 'DELETED'));
      }
    }
    const clusters = [...new Set(found.map(clusterOfDatabase))];
    const { mode, serviceName, databaseServiceName, clusters: mapped, targetNames } = this.#options;
    const { memory } = context;
    const options = { mode, serviceName, databaseServiceName, clusters: mapped, targetNames, memory };
    const places = await choosePlaces(clusters, options);
    return new Map(
      found.map((entity) => {
        const { service, database } = places.get(clusterOfDatabase(entity))!;
        return [entity.guid, { entity, path: [service, database, nameOf(entity)] }];
      }),
    );
  }
}

function clusterOfDatabase(entity: AtlasEntity): string {
  return clusterOf(qualifiedName(entity)) || (text(entity.attributes['clusterName']) ?? '');
}

function* tagRecords(registry: TypeRegistry): Generator<SourceRecord> {
  for (const { path, description } of registry.classifications()) yield { kind: 'tag', path, description };
}

/** OpenMetadata's type for a service that holds databases of an Atlas type. */
function serviceTypeOf(databaseType: string): string {
  if (databaseType.startsWith('hive')) return 'Hive';
  if (databaseType.startsWith('impala')) return 'Impala';
  return 'CustomDatabase';
}

function* serviceRecords(databases: ReadonlyMap<string, Database>): Generator<SourceRecord> {
  const services = new Map<string, string>();
  for (const { path, entity } of databases.values()) {
    if (!services.has(path[0]!)) services.set(path[0]!, serviceTypeOf(entity.typeName));
  }
  for (const [service, serviceType] of services) yield { kind: 'databaseService', path: [service], serviceType };
}

function* databaseRecords(databases: ReadonlyMap<string, Database>, registry: TypeRegistry): Generator<SourceRecord> {
  const all = [...databases.values()];
  const seen = new Set<string>();
  for (const { path, entity } of all) {
    const key = JSON.stringify(path.slice(0, 2));
    if (seen.has(key)) continue;
    seen.add(key);
    const cluster = clusterOfDatabase(entity);
    const provenance = { id: `cluster:${cluster}`, typeName: 'cluster', qualifiedName: cluster || path[1]! };
    yield { kind: 'database', path: path.slice(0, 2), provenance, tags: [] };
  }
  for (const { entity, path } of all) {
    const owner = text(entity.attributes['owner']);
    yield {
      kind: 'databaseSchema',
      path,
      provenance: provenanceOf(entity),
      ...descriptionOf(entity),
      ...(owner !== undefined && { owner }),
      tags: tagsOf(entity, registry),
      ...termsOf(entity, registry),
      ...registry.business.propertiesOf(entity),
    };
  }
}
