import type { RecordKind } from '../model/records.ts';
import type { JsonSchema } from '../schema/parts.ts';

/**
 * What a connector can do beside reading everything. `incremental`: a run may read only what has changed; `watch`: it has a
 * change feed; `deletes`: it can tell for sure that something is gone; `lineage`, `columnLineage`: it tells where data comes
 * from; `partitions`: several processes may share the reading; `statistics`: it holds numbers on tables that somebody else
 * has computed; `profiler`: it computes them.
 */
export type ConnectorCapability =
  | 'incremental'
  | 'watch'
  | 'deletes'
  | 'lineage'
  | 'columnLineage'
  | 'partitions'
  | 'statistics'
  | 'profiler';

/** A connector as recipes, documentation and forms know it. Imports nothing heavy: every command loads it. */
export interface ConnectorSpec<T extends string = string> {
  /** `source.type` of a recipe, such as `Postgres`: OpenMetadata's word where it has the connector too. */
  readonly type: T;
  /** Its name for people, as a sentence has it: `Apache Atlas`, `PostgreSQL`. */
  readonly title: string;
  /** Whose words its records are, where that is somebody else: an export is of Apache Atlas. */
  readonly origin?: string;
  /** One sentence, with what it reads. */
  readonly summary: string;
  readonly emits: readonly RecordKind[];
  readonly capabilities: readonly ConnectorCapability[];
  /**
   * `meridian.mode` of a recipe that has none. `create` for what is a database or server of its own, as OpenMetadata's
   * connectors do; `enrich` for what describes things that other connectors bring in.
   */
  readonly defaultMode: 'enrich' | 'create';
  /** JSON Schema of `source.serviceConnection.config`. */
  readonly connection: JsonSchema;
}

/** What a connector needs for a capability is asked for by its name, never by the connector's. */
export function canDo(spec: ConnectorSpec, capability: ConnectorCapability): boolean {
  return spec.capabilities.includes(capability);
}

/** Whose words a source's records are, as descriptions have it. */
export function originOf({ origin, title }: ConnectorSpec): string {
  return origin ?? title;
}
