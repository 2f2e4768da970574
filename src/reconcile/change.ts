import type { Provenance } from '../model/records.ts';

/**
 * What one entity of the target needs, or why it needs nothing. `plan` prints this stream, `ingest` sends it.
 * - `create`, `update`, `restore`: will be (or was) sent
 * - `unchanged`: source, state and target agree
 * - `kept`: only differs by what a person wrote or removed in the target; nothing is sent for it
 * - `gone`: no longer at the source; listed only, nothing is deleted
 * - `skipped`: has no place in the target (for example: enrich mode and the table is not there)
 */
export type ChangeAction = 'create' | 'update' | 'restore' | 'unchanged' | 'kept' | 'gone' | 'skipped';

export type ChangedEntityType =
  | 'metadataService'
  | 'databaseService'
  | 'classification'
  | 'tag'
  | 'customProperty'
  | 'database'
  | 'databaseSchema'
  | 'table'
  | 'lineage';

export interface FieldChange {
  /** Such as `description`, `tags`, `owner`, `columns.email`, `columns.email.description`, `extension.atlasClassifications`. */
  readonly field: string;
  readonly action: 'add' | 'replace' | 'remove' | 'keep';
  /** Short text of the value at the target now. */
  readonly from?: string;
  /** Short text of the value that the source wants. */
  readonly to?: string;
  /** Why, in a few words: `source changed`, `a person changed it in OpenMetadata`, `new column` … */
  readonly reason: string;
}

export interface Change {
  readonly action: ChangeAction;
  readonly entityType: ChangedEntityType;
  /** Fully qualified name at the target; for lineage `from → to`. */
  readonly fqn: string;
  readonly reason: string;
  readonly fields: readonly FieldChange[];
  readonly provenance?: Provenance;
}

/** True for what an ingest sends. */
export function isWrite(change: Change): boolean {
  return change.action === 'create' || change.action === 'update' || change.action === 'restore';
}
