import type { Provenance, RecordKind } from '../model/records.ts';

/**
 * What one entity of the target needs, or why it needs nothing. `plan` prints this stream, `ingest` sends it.
 * - `create`, `update`, `restore`: will be (or was) sent
 * - `unchanged`: source, state and target agree
 * - `kept`: only differs by what a person wrote or removed in the target; nothing is sent for it
 * - `delete`: gone from the source, and every guard let it pass: will be (or was) deleted softly
 * - `gone`: no longer at the source; listed only, with the reason why it is not deleted
 * - `skipped`: has no place in the target (for example: enrich mode and the table is not there)
 */
export type ChangeAction = 'create' | 'update' | 'restore' | 'delete' | 'unchanged' | 'kept' | 'gone' | 'skipped';

/** What a run that profiles writes about tables. */
export type ProfiledType = 'tableProfile' | 'sampleData' | 'tagSuggestion';

export type ChangedEntityType = Exclude<RecordKind, 'gone'> | 'metadataService' | 'classification' | ProfiledType;

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
  return ['create', 'update', 'restore', 'delete'].includes(change.action);
}
