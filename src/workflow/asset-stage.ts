import { canonicalHash } from '../model/canonical-hash.ts';
import { splitFqn } from '../model/fqn.ts';
import type { AssetRecord } from '../model/records.ts';
import { combinePending } from '../reconcile/applied.ts';
import type { Change, FieldChange } from '../reconcile/change.ts';
import { toDesired } from '../reconcile/desired.ts';
import { type AssetMerge, mergeAsset } from '../reconcile/merge-asset.ts';
import type { DesiredAsset, OwnerReference, TargetAsset } from '../reconcile/target-asset.ts';
import type { AssetState } from '../state/state-store.ts';
import { AssetWriter } from './asset-writer.ts';
import type { PropertyStage } from './property-stage.ts';
import type { RunContext } from './run-context.ts';

/** One asset's way through a run: what is wanted, what is known, what was decided. */
export interface AssetWork {
  readonly record: AssetRecord;
  readonly desired: DesiredAsset;
  readonly sourceHash: string;
  readonly state: AssetState | undefined;
}

const keptByDeletion: FieldChange = {
  field: 'deleted',
  action: 'keep',
  reason: 'a person deleted it in OpenMetadata',
};

/**
 * Databases, schemas and tables: decides each by the three-way merge and has it written. What source, state and target
 * agree on costs no request.
 */
export class AssetStage {
  readonly #context: RunContext;
  readonly #writer: AssetWriter;
  readonly #properties: PropertyStage;
  readonly #policyKey: string;
  readonly #missingOwners = new Set<string>();

  constructor(context: RunContext, properties: PropertyStage) {
    this.#context = context;
    this.#properties = properties;
    this.#writer = new AssetWriter(context, (work, target) => this.decide(work, target));
    const { policy, desired, includeOwners } = context;
    this.#policyKey = JSON.stringify([policy.mode, policy.override, desired.classification, includeOwners]);
  }

  /** Takes one record; the writing goes on in the pool. Children may only follow after {@link flush}. */
  async handle(record: AssetRecord): Promise<void> {
    const { scratch, state } = this.#context;
    const owner = await this.#owner(record);
    const desired = await this.#properties.fit(toDesired(record, this.#context.desired, owner));
    const { entityType, fqn } = desired;
    const seen = scratch.seen(entityType, fqn);
    if (seen === 'ok' || seen === 'failed') return this.#sameNameTwice(record, fqn);
    scratch.see(entityType, fqn, 'ok');
    const sourceHash = canonicalHash([this.#policyKey, desired]);
    const work: AssetWork = { record, desired, sourceHash, state: await state.getAsset(entityType, fqn) };
    const indexed = scratch.target(entityType, fqn);

    if (!indexed && this.#context.policy.mode === 'enrich') {
      scratch.see(entityType, fqn, 'kept-out');
      this.#context.done(change(work, 'skipped', 'not in OpenMetadata', []));
      this.#context.skipped('not-in-target', `enrich mode, and OpenMetadata has no such ${record.kind}`, fqn);
      return;
    }
    const known = work.state;
    if (
      indexed &&
      !indexed.deleted &&
      known?.sourceHash === sourceHash &&
      !known.pending &&
      (known.targetId ?? indexed.id) === indexed.id &&
      known.targetVersion === indexed.version
    ) {
      const kept = known.kept ?? [];
      this.#context.done(change(work, kept.length > 0 ? 'kept' : 'unchanged', 'in step', kept));
      return;
    }
    await this.#context.pool.add(() => this.#run(work, indexed?.asset, indexed?.id));
  }

  /** Waits until everything handed over so far is written. */
  async flush(): Promise<void> {
    // What is still being decided may end in a bulk request.
    await this.#context.pool.drain();
    await this.#writer.flush();
  }

  async #run(told: AssetWork, listed: TargetAsset | undefined, targetId: string | undefined): Promise<void> {
    const { target, scratch } = this.#context;
    const desired = target.fit(told.desired);
    const work = { ...told, desired };
    try {
      const held =
        targetId === undefined ? undefined : (listed ?? (await target.readAsset(desired.entityType, { id: targetId })));
      if (held?.deleted && !(await this.#mayRestore(work, held))) return;
      const merged = await this.decide(work, held);
      if (merged.action !== 'kept' && merged.action !== 'unchanged') await this.#properties.ensure(desired);
      if (this.#context.write) await this.#writer.write(work, held, merged);
      else this.#context.done(change(work, merged.action, reasonOf(work, merged), merged.fields));
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      scratch.see(desired.entityType, desired.fqn, 'failed');
      this.#writer.fail(work, error);
    }
  }

  async #mayRestore(work: AssetWork, held: TargetAsset): Promise<boolean> {
    const { desired } = work;
    const { target, scratch, policy } = this.#context;
    if (policy.mode === 'create' && (await target.lastAuthorIsBot(desired.entityType, held.id))) return true;
    scratch.see(desired.entityType, desired.fqn, 'kept-out');
    this.#context.done(change(work, 'kept', 'deleted in OpenMetadata', [keptByDeletion]));
    return false;
  }

  /** Merges, reading the entity's versions only where nothing else can tell whose a text is. */
  async decide(work: AssetWork, held: TargetAsset | undefined): Promise<AssetMerge> {
    const { desired, state } = work;
    const { target, policy } = this.#context;
    const base = {
      ...(state?.applied && { applied: state.applied }),
      ...(state?.pending && { pending: state.pending }),
    };
    const input = { desired, target: held, base, policy };
    const merged = mergeAsset({ ...input, history: 'unread' });
    if (merged !== 'needs-history') return merged;
    const history = await target.history(desired.entityType, held!.id);
    const decided = mergeAsset({ ...input, history });
    if (decided === 'needs-history') throw new Error('The merge asked for a history that it was given.');
    return decided;
  }

  async #owner(record: AssetRecord): Promise<OwnerReference | undefined> {
    if (!this.#context.includeOwners || !record.owner) return undefined;
    const owner = await this.#context.target.findOwner(record.owner);
    if (!owner && !this.#missingOwners.has(record.owner)) {
      this.#missingOwners.add(record.owner);
      this.#context.skipped('owner-not-found', 'no user or team of that name in OpenMetadata', record.owner);
    }
    return owner;
  }

  #sameNameTwice(record: AssetRecord, fqn: string): void {
    const { qualifiedName } = record.provenance;
    this.#context.skipped('same-name', 'another entity already has this name in OpenMetadata', qualifiedName);
    this.#context.done({
      action: 'skipped',
      entityType: record.kind,
      fqn,
      reason: `${qualifiedName} would have the same name`,
      fields: [],
      provenance: record.provenance,
    });
  }
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
    pending: combinePending(state?.pending, merged.applied),
  };
}
