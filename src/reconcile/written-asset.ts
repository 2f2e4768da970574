import type { FieldChange } from './change.ts';
import type { AssetMerge } from './merge-asset.ts';
import { columnKey } from './merge-columns.ts';
import { type ColumnNode, type DesiredAsset, type Label, partsOf, type TargetAsset } from './target-asset.ts';

/** What an asset was before a write, as far as the write changes it: whole where its structure changes. */
export type AssetBefore = Partial<TargetAsset>;

export type WrittenPart = ColumnNode & { readonly tags?: readonly Label[] };

/** Structure as a write left it, as far as it changed it: to be told from what somebody makes of it later. */
export interface WrittenShape {
  /** Parts that were added, with their words, or retyped. */
  readonly parts?: readonly WrittenPart[];
  /** Names of all parts in their order, where any of them changed. */
  readonly order?: readonly string[];
  readonly tableType?: string;
  readonly viewDefinition?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** What a write made of an asset. */
export interface AssetAfter {
  /** The fields that were written, with their values before (`from`) and after (`to`). */
  readonly fields: readonly FieldChange[];
  /** `type:id` of the owner that was set. */
  readonly owner?: string;
  readonly shape?: WrittenShape;
  /** Hash of the source's record. */
  readonly sourceHash?: string;
}

/** What undoing a write takes to know of it afterwards. */
export function writtenAsset(desired: DesiredAsset, merged: AssetMerge, sourceHash: string): AssetAfter {
  const fields = merged.fields.filter(({ action }) => action !== 'keep');
  const shape = writtenShape(desired, merged.put, fields);
  const owner = fields.some(({ field }) => field === 'owner') ? merged.applied.owner : undefined;
  return { fields, sourceHash, ...(owner !== undefined && { owner }), ...(shape && { shape }) };
}

function writtenShape(
  desired: DesiredAsset,
  put: DesiredAsset | undefined,
  fields: readonly FieldChange[],
): WrittenShape | undefined {
  const changed = new Set(fields.map(({ field }) => field));
  const { tableType, viewDefinition, attributes = {} } = put ?? desired;
  const some = Object.entries(attributes).filter(([key]) => changed.has(key));
  const parts = put?.columns && writtenParts(desired, put.columns, fields);
  const shape: WrittenShape = {
    ...parts,
    ...(changed.has('tableType') && tableType !== undefined && { tableType }),
    ...(changed.has('viewDefinition') && viewDefinition !== undefined && { viewDefinition }),
    ...(some.length > 0 && { attributes: Object.fromEntries(some) }),
  };
  return Object.keys(shape).length > 0 ? shape : undefined;
}

function writtenParts(
  { entityType }: DesiredAsset,
  columns: NonNullable<DesiredAsset['columns']>,
  fields: readonly FieldChange[],
): Pick<WrittenShape, 'parts' | 'order'> {
  const prefix = partsOf[entityType]?.field ?? 'columns';
  const touched = new Set(
    fields.filter(({ field }) => field.startsWith(`${prefix}.`)).map(({ field }) => columnKey(field)),
  );
  const isOrder = fields.some(({ field }) => field === prefix);
  if (touched.size === 0 && !isOrder) return {};
  const parts = columns.filter(({ name }) => touched.has(columnKey(`${prefix}.${name}`)));
  return { order: columns.map(({ name }) => name), ...(parts.length > 0 && { parts }) };
}
