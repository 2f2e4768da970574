import { splitFqn } from '../model/fqn.ts';
import type { AssetRecord } from '../model/records.ts';
import { combinePending } from '../reconcile/applied.ts';
import type { Change, FieldChange } from '../reconcile/change.ts';
import type { AssetMerge } from '../reconcile/merge-asset.ts';
import type { DesiredAsset, TargetAsset } from '../reconcile/target-asset.ts';
import type { AssetState } from '../state/state-store.ts';

/** One asset's way through a run: what is wanted, what is known, what was decided. */
export interface AssetWork {
  readonly record: AssetRecord;
  readonly desired: DesiredAsset;
  readonly sourceHash: string;
  readonly state: AssetState | undefined;
  /** Parts that the source has dropped stay: a guard objected to so many going at once. */
  readonly keepParts?: boolean;
}

export function change(
  work: AssetWork,
  action: Change['action'],
  reason: string,
  fields: readonly FieldChange[],
): Change {
  const { entityType, fqn } = work.desired;
  return { action, entityType, fqn, reason, fields, provenance: work.record.provenance };
}

export function reasonOf(work: AssetWork, merged: AssetMerge): string {
  switch (merged.action) {
    case 'create':
      return work.state ? 'gone from OpenMetadata since the last run' : 'not in OpenMetadata yet';
    case 'restore':
      return 'deleted in OpenMetadata, alive at the source';
    case 'kept':
      return 'only differs by what a person did in OpenMetadata';
    case 'unchanged':
      return 'in step';
    case 'update':
      return [...new Set(merged.fields.filter((f) => f.action !== 'keep').map((f) => f.reason))].join(', ');
  }
}

/** What an asset is called, here and at the source. */
export function identityState({
  desired,
  record,
}: AssetWork): Pick<AssetState, 'entityType' | 'fqn' | 'sourceId' | 'sourceType' | 'path'> {
  const names = splitFqn(desired.fqn);
  const sameNames = names.length === record.path.length && names.every((name, i) => name === record.path[i]);
  return {
    entityType: desired.entityType,
    fqn: desired.fqn,
    sourceId: record.provenance.id,
    sourceType: record.provenance.typeName,
    ...(!sameNames && { path: record.path }),
  };
}

/** What to remember before sending. */
export function pendingState(work: AssetWork, merged: AssetMerge, held: TargetAsset | undefined): AssetState {
  const { state } = work;
  return {
    ...identityState(work),
    ...(held && { targetId: held.id }),
    ...(state?.applied && { applied: state.applied }),
    ...(state?.dropped && { dropped: state.dropped }),
    ...(state?.deletedByUs && { deletedByUs: true }),
    pending: combinePending(state?.pending, merged.applied),
  };
}
