import type { FieldShape, SourceRecord, TagUse } from '../../model/records.ts';

/** Something with a name inside an asset: a column, a field, a task, a feature, a hyperparameter. */
export interface RecordPart {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly TagUse[];
}

/** Changes one part; must keep everything but its words and labels. */
export type PartChange = <T extends RecordPart>(part: T) => T;

/** The record with each of its parts changed, those within others too. */
export function mapParts(record: SourceRecord, change: PartChange): SourceRecord {
  switch (record.kind) {
    case 'table':
      return { ...record, columns: record.columns.map((column) => nested(column, change)) };
    case 'container':
      return record.columns ? { ...record, columns: record.columns.map((column) => nested(column, change)) } : record;
    case 'topic':
      return record.schemaFields
        ? { ...record, schemaFields: record.schemaFields.map((field) => nested(field, change)) }
        : record;
    case 'pipeline':
      return { ...record, tasks: record.tasks.map(change) };
    case 'mlmodel':
      return {
        ...record,
        ...(record.features && { features: record.features.map(change) }),
        ...(record.hyperParameters && { hyperParameters: record.hyperParameters.map(change) }),
      };
    default:
      return record;
  }
}

function nested<T extends RecordPart & { readonly children?: readonly (T | FieldShape)[] }>(
  part: T,
  change: PartChange,
): T {
  const changed = change(part);
  const { children } = changed;
  return children ? { ...changed, children: children.map((child) => nested(child as T, change)) } : changed;
}
