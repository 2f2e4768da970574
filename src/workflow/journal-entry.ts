import type { AssetMerge } from '../reconcile/merge-asset.ts';
import type { TargetAsset } from '../reconcile/target-asset.ts';
import type { JournalEntry } from '../state/state-store.ts';
import type { AssetWork } from './asset-work.ts';

/** What an asset was before a write, as far as the write changes it: whole where its structure changes. */
export type BeforeAsset = Partial<TargetAsset>;

type Entry = Omit<JournalEntry, 'runId' | 'sequence'>;

/** The journal's entry for a write of an asset. `after` has the changed fields with their values, old and new. */
export function journalEntry(work: AssetWork, held: TargetAsset | undefined, merged: AssetMerge): Entry {
  const { entityType, fqn } = work.desired;
  if (!held) return { action: merged.action, entityType, fqn };
  return {
    action: merged.action,
    entityType,
    fqn,
    targetId: held.id,
    before: merged.put ? held : withChangedParts(held, merged),
    after: merged.fields.filter(({ action }) => action !== 'keep'),
  };
}

/** Without structure to put back, the parts that nothing of was changed are not needed. */
function withChangedParts(held: TargetAsset, merged: AssetMerge): BeforeAsset {
  const { columns, carried: _, attributes: _a, viewDefinition: _v, ...rest } = held;
  if (!columns) return rest;
  const changed = columns.filter(({ name }) => merged.fields.some(({ field }) => field.includes(`.${name}.`)));
  return { ...rest, columns: changed };
}
