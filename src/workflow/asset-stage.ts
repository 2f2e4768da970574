import { canonicalHash } from '../model/canonical-hash.ts';
import type { AssetRecord } from '../model/records.ts';
import type { FieldChange } from '../reconcile/change.ts';
import { toDesired } from '../reconcile/desired.ts';
import type { DesiredOptions } from '../reconcile/desired-labels.ts';
import { type AssetMerge, mergeAsset } from '../reconcile/merge-asset.ts';
import type { OwnerReference, TargetAsset } from '../reconcile/target-asset.ts';
import { type AssetWork, change, reasonOf } from './asset-work.ts';
import { AssetWriter } from './asset-writer.ts';
import type { DroppedParts } from './dropped-parts.ts';
import { LookAhead } from './look-ahead.ts';
import type { PropertyStage } from './property-stage.ts';
import type { RunContext } from './run-context.ts';
import type { IndexedAsset } from './scratch.ts';
import { type StaysUndone, UndoneAssets } from './undo/undone-assets.ts';

const keptByDeletion: FieldChange = {
  field: 'deleted',
  action: 'keep',
  reason: 'a person deleted it in OpenMetadata',
};
/** Kinds whose assets hold others of their own kind. */
const nesting: ReadonlySet<string> = new Set(['container', 'glossaryTerm']);

/**
 * Assets of every kind: decides each by the three-way merge and has it written. What source, state and target agree on
 * costs no request.
 */
export class AssetStage {
  readonly #context: RunContext;
  readonly #writer: AssetWriter;
  readonly #properties: PropertyStage;
  readonly #dropped: DroppedParts;
  readonly #undone: UndoneAssets;
  readonly #policyKey: string;
  readonly #missingOwners = new Set<string>();
  readonly #ahead = new LookAhead();
  /** Holders handed over and perhaps not written yet: what they hold must wait. */
  readonly #underWay = new Set<string>();

  constructor(context: RunContext, properties: PropertyStage, dropped: DroppedParts) {
    this.#context = context;
    this.#properties = properties;
    this.#dropped = dropped;
    this.#undone = new UndoneAssets(context, (record, owner, options) => this.#hashOf(record, owner, options));
    this.#writer = new AssetWriter(context, (work, target) => this.decide(work, target));
    const { policy, desired, includeOwners } = context;
    this.#policyKey = JSON.stringify([policy.mode, policy.override, desired.classification, includeOwners]);
  }

  /**
   * Takes one record; the writing goes on in the pool. Children of another kind may only follow after {@link flush}.
   *
   * @param settled what was decided about parts that the source has dropped, when the record comes the second time
   */
  async handle(record: AssetRecord, settled?: { readonly keepParts: boolean }): Promise<void> {
    const { scratch, state } = this.#context;
    const owner = await this.#owner(record);
    const desired = await this.#properties.fit(toDesired(record, this.#context.desired, owner));
    const { entityType, fqn } = desired;
    const seen = scratch.seen(entityType, fqn);
    if (!settled && (seen === 'ok' || seen === 'failed')) return this.#sameNameTwice(record, fqn);
    scratch.see(entityType, fqn, 'ok');
    const sourceHash = canonicalHash([this.#policyKey, desired]);
    await this.#ahead.add(state.getAsset(entityType, fqn), (known) =>
      this.#place({ record, desired, sourceHash, state: known, ...settled }, owner),
    );
  }

  async #place(work: AssetWork, owner: OwnerReference | 'none' | undefined): Promise<void> {
    const { scratch } = this.#context;
    const { record, desired } = work;
    const { entityType, fqn } = desired;
    const stays = this.#context.undone.any ? await this.#undone.why(work, owner) : undefined;
    if (stays) return this.#staysUndone(work, stays);

    const indexed = await this.#indexed(work);
    if (!indexed && this.#leavesOut(record)) {
      scratch.see(entityType, fqn, 'kept-out');
      this.#context.done(change(work, 'skipped', 'not in OpenMetadata', []));
      this.#context.skipped('not-in-target', `enrich mode, and OpenMetadata has no such ${record.kind}`, fqn);
      return;
    }
    if (record.incomplete && indexed && !indexed.deleted) {
      const message = 'the source has only a shell of it so far; what OpenMetadata has is left as it is';
      this.#context.skipped('incomplete', message, record.provenance.qualifiedName);
      this.#context.done(change(work, 'skipped', 'incomplete at the source', []));
      return;
    }
    if (indexed && isInStep(work, indexed)) {
      const kept = work.state?.kept ?? [];
      this.#context.done(change(work, kept.length > 0 ? 'kept' : 'unchanged', 'in step', kept));
      return;
    }
    if (nesting.has(entityType)) {
      if (this.#underWay.has(desired.parentFqn)) await this.#written();
      this.#underWay.add(fqn);
    }
    await this.#context.pool.add(() => this.#run(work, indexed));
  }

  async #hashOf(
    record: AssetRecord,
    owner: OwnerReference | 'none' | undefined,
    options: DesiredOptions,
  ): Promise<string> {
    return canonicalHash([this.#policyKey, await this.#properties.fit(toDesired(record, options, owner))]);
  }

  /** Waits until everything handed over so far is written. */
  async flush(): Promise<void> {
    await this.#ahead.drain();
    await this.#written();
  }

  async #written(): Promise<void> {
    // What is still being decided may end in a bulk request.
    await this.#context.pool.drain();
    await this.#writer.flush();
    this.#underWay.clear();
  }

  /** Vocabularies are ours to make in either mode; everything else only where the recipe says create. */
  #leavesOut({ kind }: AssetRecord): boolean {
    return this.#context.policy.mode === 'enrich' && kind !== 'glossary' && kind !== 'glossaryTerm';
  }

  async #indexed(work: AssetWork): Promise<IndexedAsset | undefined> {
    const { scratch, target, lazy, looksUp, part } = this.#context;
    const { state, desired, sourceHash } = work;
    const { entityType, fqn } = desired;
    const listed = scratch.target(entityType, fqn);
    // Another try at the same partition may have made it since the target was listed.
    const madeBeside = part?.work === 'assets' && state !== undefined;
    if (listed || !(looksUp || madeBeside)) return listed;
    // What the source has not changed since is not looked at: a full run does that.
    if (lazy && state?.sourceHash === sourceHash && !state.pending && state.targetId !== undefined) {
      return { id: state.targetId, version: state.targetVersion ?? 0, deleted: state.deletedByUs ?? false };
    }
    const asset = await target.readAsset(entityType, { fqn });
    return asset && { id: asset.id, version: asset.version, deleted: asset.deleted, asset };
  }

  async #run(told: AssetWork, indexed: IndexedAsset | undefined): Promise<void> {
    const { target, scratch } = this.#context;
    const desired = target.fit(told.desired);
    const work = { ...told, desired };
    try {
      const held = indexed && (indexed.asset ?? (await target.readAsset(desired.entityType, { id: indexed.id })));
      if (held?.deleted && !(await this.#mayRestore(work, held))) return;
      const merged = await this.decide(work, held);
      if (merged.dropped && work.keepParts === undefined) return this.#dropped.hold(work, merged.dropped);
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
    const { desired, state, record } = work;
    const { target, scratch } = this.#context;
    if (state?.deletedByUs) return true;
    if (!this.#leavesOut(record) && (await target.lastAuthorIsBot(desired.entityType, held.id))) return true;
    scratch.see(desired.entityType, desired.fqn, 'kept-out');
    this.#context.done(change(work, 'kept', 'deleted in OpenMetadata', [keptByDeletion]));
    return false;
  }

  /** Merges, reading the entity's versions only where nothing else can tell whose a text is. */
  async decide(work: AssetWork, held: TargetAsset | undefined): Promise<AssetMerge> {
    const { desired, state, keepParts } = work;
    const { target, policy } = this.#context;
    const base = {
      ...(state?.applied && { applied: state.applied }),
      ...(state?.pending && { pending: state.pending }),
    };
    const input = { desired, target: held, base, policy, ...(keepParts && { keepParts }), lost: state?.dropped ?? {} };
    const merged = mergeAsset({ ...input, history: 'unread' });
    if (merged !== 'needs-history') return merged;
    const history = await target.history(desired.entityType, held!.id);
    const decided = mergeAsset({ ...input, history });
    if (decided === 'needs-history') throw new Error('The merge asked for a history that it was given.');
    return decided;
  }

  /** `none` where the source says that there is no owner; undefined where it has one that the target does not know. */
  async #owner(record: AssetRecord): Promise<OwnerReference | 'none' | undefined> {
    if (!this.#context.includeOwners) return undefined;
    if (!record.owner) return record.incomplete ? undefined : 'none';
    const { target } = this.#context;
    const named = await target.findOwner(record.owner);
    const owner = named ?? (record.ownerMail ? await target.findOwner(record.ownerMail) : undefined);
    if (!owner && !this.#missingOwners.has(record.owner)) {
      this.#missingOwners.add(record.owner);
      this.#context.skipped('owner-not-found', 'no user or team of that name in OpenMetadata', record.owner);
    }
    return owner;
  }

  #staysUndone(work: AssetWork, { reason, isAway }: StaysUndone): void {
    const { entityType, fqn } = work.desired;
    if (isAway) this.#context.scratch.see(entityType, fqn, 'undone');
    this.#context.done(change(work, 'kept', reason, [{ field: 'undone', action: 'keep', reason }]));
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

/** True when source, state and target agree: nobody has changed anything since the last run. */
function isInStep({ state, sourceHash }: AssetWork, indexed: IndexedAsset): boolean {
  return (
    !indexed.deleted &&
    state?.sourceHash === sourceHash &&
    !state.pending &&
    (state.targetId ?? indexed.id) === indexed.id &&
    state.targetVersion === indexed.version
  );
}
