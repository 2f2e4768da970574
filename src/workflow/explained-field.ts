/** Where a field's value comes from. */
export type FieldOrigin = 'source' | 'openmetadata' | 'kept' | 'removed';

export interface ExplainedField {
  /** Such as `description`, `tags`, `columns.email.description`. */
  readonly field: string;
  readonly origin: FieldOrigin;
  /** What OpenMetadata holds. */
  readonly value?: string;
  readonly reason: string;
  /** Who changed it last, as far as OpenMetadata's history tells. */
  readonly changedBy?: string;
  /** ISO time of that change. */
  readonly changedAt?: string;
}
