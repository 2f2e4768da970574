import type { DatabaseRecord, DatabaseSchemaRecord, NamePath, ServiceRecord } from '../../../model/records.ts';
import type { AtlasEntity } from '../atlas-types.ts';
import { descriptionOf, entityFields, type Mapping } from '../map-entity.ts';
import type { Family } from './family.ts';

export interface Holder {
  readonly entity: AtlasEntity;
  /** From the service on: one part is a service, two a database, three a schema. */
  readonly path: NamePath;
}

export interface HolderService {
  /** OpenMetadata's type of it. */
  readonly type: string;
  /** The instance that it is, where Atlas knows one. */
  readonly entity: AtlasEntity | undefined;
}

export interface Placed {
  readonly held: ReadonlyMap<string, Holder>;
  readonly services: ReadonlyMap<string, HolderService>;
  /** Databases that stand for a cluster: none of Atlas' entities is behind them. */
  readonly clusters: readonly { readonly path: NamePath; readonly cluster: string }[];
  /** Guids of holders for which the recipe names no service. */
  readonly unserved: ReadonlySet<string>;
}

/** What stands around a family's tables: services, databases, schemas. They are few, and stay in memory. */
export class Holders {
  readonly family: Family;
  readonly #mapping: Mapping;
  readonly #held: ReadonlyMap<string, Holder>;
  /** Services by name, with OpenMetadata's type of each and the instance that it is. */
  readonly #services: ReadonlyMap<string, HolderService>;
  readonly #clusters: Placed['clusters'];
  readonly #unserved: ReadonlySet<string>;

  constructor(family: Family, mapping: Mapping, placed: Placed) {
    this.family = family;
    this.#mapping = mapping;
    this.#held = placed.held;
    this.#services = placed.services;
    this.#clusters = placed.clusters;
    this.#unserved = placed.unserved;
  }

  /** Where the things that name this holder go. */
  path(guid: string): NamePath | undefined {
    return this.#held.get(guid)?.path;
  }

  /** Whether it was read, and stays out because the recipe names no service for it. */
  isUnserved(guid: string): boolean {
    return this.#unserved.has(guid);
  }

  /** Whether there are some, and none has a service. */
  get servesNone(): boolean {
    return this.#held.size === 0 && this.#unserved.size > 0;
  }

  *serviceRecords(): Generator<ServiceRecord> {
    for (const [name, { type, entity }] of this.#services) {
      const path = [name];
      yield { kind: 'databaseService', path, serviceType: type, ...(entity && descriptionOf(entity)) };
    }
  }

  *databaseRecords(): Generator<DatabaseRecord> {
    for (const { path, cluster } of this.#clusters) {
      const provenance = { id: `cluster:${cluster}`, typeName: 'cluster', qualifiedName: cluster || path[1]! };
      yield { kind: 'database', path, provenance, tags: [] };
    }
    for (const { entity, path } of this.#held.values()) {
      if (path.length === 2) yield { kind: 'database', ...entityFields(entity, path, this.#mapping) };
    }
  }

  *schemaRecords(): Generator<DatabaseSchemaRecord> {
    for (const { entity, path } of this.#held.values()) {
      if (path.length === 3) yield { kind: 'databaseSchema', ...entityFields(entity, path, this.#mapping) };
    }
  }
}
