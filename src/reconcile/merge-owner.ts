import type { Base } from './applied.ts';
import type { FieldChange } from './change.ts';
import type { PatchBuilder } from './patch.ts';
import type { DesiredAsset, TargetAsset } from './target-asset.ts';

export interface OwnerMerge {
  /** `type:id` of the owner to remember as ours. */
  readonly ours?: string;
  readonly change?: FieldChange;
}

/**
 * Merges the owner: set where there is none, replaced and taken off where it is the one that we had set; an owner that a
 * person set or removed stays that way.
 */
export function mergeOwner(
  desired: DesiredAsset,
  target: TargetAsset,
  base: Base,
  override: boolean,
  patch: PatchBuilder,
): OwnerMerge {
  const known = base.applied?.owner;
  const remembered = known === undefined ? {} : { ours: known };
  const held = target.owners.map((owner) => `${owner.type}:${owner.id}`);
  const from = target.owners.map((owner) => owner.name ?? owner.id).join(', ');
  const ours = [known, base.pending?.owner];
  const onlyOurs = held.length > 0 && held.every((owner) => ours.includes(owner));

  if (!desired.owner) {
    if (!desired.ownerless || !onlyOurs) return remembered;
    patch.removeOwner(target.owners[0]!);
    return { change: { field: 'owner', action: 'remove', from, reason: 'gone at the source' } };
  }
  const wanted = `${desired.owner.type}:${desired.owner.id}`;
  if (held.includes(wanted)) return { ours: wanted };
  const to = desired.owner.name ?? wanted;
  const removedByPerson = held.length === 0 && known !== undefined;
  if (override || onlyOurs || (held.length === 0 && !removedByPerson)) {
    patch.owner(desired.owner);
    const action = held.length === 0 ? 'add' : 'replace';
    return { ours: wanted, change: { field: 'owner', action, to, reason: 'at the source', ...(from && { from }) } };
  }
  const reason = removedByPerson ? 'a person removed it in OpenMetadata' : 'set in OpenMetadata';
  return { ...remembered, change: { field: 'owner', action: 'keep', to, reason, ...(from && { from }) } };
}
