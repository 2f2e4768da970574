import type { AssetMerge } from '../reconcile/merge-asset.ts';
import type { EdgeDetails } from '../reconcile/merge-lineage.ts';
import { type AssetType, partsOf, type TargetAsset } from '../reconcile/target-asset.ts';
import { type AssetAfter, type AssetBefore, writtenAsset } from '../reconcile/written-asset.ts';
import type { EdgeEnd, EdgeState, JournalEntry } from '../state/state-store.ts';
import type { AssetWork } from './asset-work.ts';

/** An edge before a write of it. */
export interface EdgeBefore {
  readonly from: EdgeEnd;
  readonly to: EdgeEnd;
  /** Undefined where the target had no such edge. */
  readonly details?: EdgeDetails;
  /** What was remembered of it. */
  readonly state?: EdgeState;
}

/** An edge as a write left it. */
export interface EdgeAfter {
  readonly details: EdgeDetails;
  /** Hash of the source's details. */
  readonly sourceHash?: string;
}

type Entry = Omit<JournalEntry, 'runId' | 'sequence'>;

/** The journal's entry for a write of an asset: what it was, as far as the write changes it, and what it becomes. */
export function journalEntry(work: AssetWork, held: TargetAsset | undefined, merged: AssetMerge): Entry {
  const { sourceHash, desired } = work;
  const { entityType, fqn } = desired;
  if (!held) return { action: merged.action, entityType, fqn, after: { fields: [], sourceHash } };
  return {
    action: merged.action,
    entityType,
    fqn,
    targetId: held.id,
    before: merged.put ? held : withChangedParts(entityType, held, merged),
    after: writtenAsset(desired, merged, sourceHash),
  };
}

/** Without structure to put back, only the parts and attributes that something of was changed are needed. */
function withChangedParts(entityType: AssetType, held: TargetAsset, merged: AssetMerge): AssetBefore {
  const { columns, attributes = {}, carried: _, viewDefinition: _v, ...rest } = held;
  const fields = new Set(merged.fields.map(({ field }) => field));
  const some = Object.entries(attributes).filter(([key]) => fields.has(key));
  const known = { ...rest, ...(some.length > 0 && { attributes: Object.fromEntries(some) }) };
  if (!columns) return known;
  const touched = new Set([...fields].map((field) => field.slice(0, Math.max(0, field.lastIndexOf('.')))));
  const prefix = partsOf[entityType]?.field;
  return { ...known, columns: columns.filter(({ name }) => touched.has(`${prefix}.${name}`)) };
}

/** The entry with the fields that were decided anew, since somebody changed the asset while it was written. */
export function withLaterFields(entry: Entry, work: AssetWork, decision: AssetMerge): Entry {
  const after = entry.after as AssetAfter;
  const later = writtenAsset(work.desired, decision, work.sourceHash);
  const known = new Set(after.fields.map(({ field, to, from }) => `${field} ${to ?? from}`));
  const more = later.fields.filter(({ field, to, from }) => !known.has(`${field} ${to ?? from}`));
  if (more.length === 0) return entry;
  return { ...entry, after: { ...later, ...after, fields: [...after.fields, ...more] } };
}
