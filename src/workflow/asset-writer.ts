import { PatchConflict } from '../openmetadata/patch-conflict.ts';
import type { Applied } from '../reconcile/applied.ts';
import type { FieldChange } from '../reconcile/change.ts';
import type { AssetMerge } from '../reconcile/merge-asset.ts';
import type { AssetType, TargetAsset } from '../reconcile/target-asset.ts';
import { type AssetWork, change, identityState, pendingState, reasonOf } from './asset-stage.ts';
import type { RunContext } from './run-context.ts';

/** How often a patch is decided anew when somebody changes the entity at the same time. */
const patchTries = 4;

interface Waiting {
  readonly work: AssetWork;
  readonly merged: AssetMerge;
}

/**
 * Sends what was decided for an asset, and remembers it: first what is about to be sent, then what was confirmed, so
 * that a run killed in between knows its own words again.
 */
export class AssetWriter {
  readonly #context: RunContext;
  readonly #decide: (work: AssetWork, held: TargetAsset | undefined) => Promise<AssetMerge>;
  readonly #bulk = new Map<AssetType, Waiting[]>();

  constructor(context: RunContext, decide: (work: AssetWork, held: TargetAsset | undefined) => Promise<AssetMerge>) {
    this.#context = context;
    this.#decide = decide;
  }

  async write(work: AssetWork, held: TargetAsset | undefined, merged: AssetMerge): Promise<void> {
    const { state, target } = this.#context;
    if (merged.action === 'unchanged' || merged.action === 'kept') {
      await this.#confirm(work, merged.applied, merged.fields, held!.id, held!.version);
      this.#context.done(change(work, merged.action, reasonOf(work, merged), merged.fields));
      return;
    }
    await state.putAsset(pendingState(work, merged, held));
    if (merged.action === 'create' && target.bulkSize > 0) {
      await this.#putInBulk({ work, merged });
      return;
    }
    const { stored, applied, kept } = await this.#send(work, held, merged);
    if (!held && work.state) await state.forgetEdgesOf(work.desired);
    await this.#confirm(work, applied, kept, stored.id, stored.version);
    this.#context.done(change(work, merged.action, reasonOf(work, merged), merged.fields));
  }

  /** Sends the bulk requests that are not full yet. */
  async flush(): Promise<void> {
    for (const [type, waiting] of this.#bulk) {
      this.#bulk.delete(type);
      await this.#sendBulk(type, waiting);
    }
  }

  fail(work: AssetWork, error: unknown): void {
    const { desired } = work;
    this.#context.failed(desired.entityType, desired.fqn, error, this.#context.target.describePut(desired));
  }

  async #send(
    work: AssetWork,
    held: TargetAsset | undefined,
    merged: AssetMerge,
  ): Promise<{ stored: { id: string; version?: number }; applied: Applied; kept: readonly FieldChange[] }> {
    const { target } = this.#context;
    const { entityType } = work.desired;
    let current = held;
    let decision = merged;
    let stored: { id: string; version?: number } | undefined;
    if (decision.put) {
      stored = await target.putAsset(decision.put);
      if (!held) return { stored, applied: decision.applied, kept: [] };
      ({ current, decision } = await this.#again(work, stored.id));
      if (decision.put && work.desired.entityType === 'table') {
        stored = await target.putBesideAnother(decision.put);
        ({ current, decision } = await this.#again(work, stored.id));
      }
    }
    for (let tries = 1; decision.patch.length > 0; tries += 1) {
      try {
        stored = await target.patchAsset(entityType, current!.id, decision.patch);
        break;
      } catch (error) {
        if (!(error instanceof PatchConflict) || tries >= patchTries) throw error;
        ({ current, decision } = await this.#again(work, current!.id));
      }
    }
    const kept = decision.fields.filter((field) => field.action === 'keep');
    return { stored: stored ?? current!, applied: decision.applied, kept };
  }

  /** Reads the entity anew and decides again; what was about to be sent counts as ours by now. */
  async #again(work: AssetWork, id: string): Promise<{ current: TargetAsset; decision: AssetMerge }> {
    const { target, state } = this.#context;
    const { entityType, fqn } = work.desired;
    const current = await target.readAsset(entityType, { id });
    if (!current) throw new Error(`${fqn} was deleted in OpenMetadata while it was being written.`);
    const decision = await this.#decide({ ...work, state: await state.getAsset(entityType, fqn) }, current);
    return { current, decision };
  }

  async #confirm(
    work: AssetWork,
    applied: Applied,
    kept: readonly FieldChange[],
    targetId: string | undefined,
    targetVersion: number | undefined,
  ): Promise<void> {
    await this.#context.state.putAsset({
      ...identityState(work),
      ...(targetId !== undefined && { targetId }),
      ...(targetVersion !== undefined && { targetVersion }),
      sourceHash: work.sourceHash,
      applied,
      ...(kept.length > 0 && { kept }),
    });
  }

  async #putInBulk(waiting: Waiting): Promise<void> {
    const type = waiting.work.desired.entityType;
    const rows = this.#bulk.get(type) ?? [];
    rows.push(waiting);
    this.#bulk.set(type, rows);
    if (rows.length < this.#context.target.bulkSize) return;
    this.#bulk.delete(type);
    await this.#sendBulk(type, rows);
  }

  async #sendBulk(type: AssetType, rows: readonly Waiting[]): Promise<void> {
    const outcomes = new Map(
      (
        await this.#context.target.putAssets(
          type,
          rows.map((row) => row.merged.put!),
        )
      ).map((row) => [row.fqn, row]),
    );
    for (const { work, merged } of rows) {
      const outcome = outcomes.get(work.desired.fqn);
      if (!outcome || outcome.error) {
        this.#context.scratch.see(type, work.desired.fqn, 'failed');
        this.fail(work, outcome?.error ?? new Error('The bulk answer does not mention this entity.'));
        continue;
      }
      // A bulk answer tells no id, but the version of what was just made is the first.
      await this.#confirm(work, merged.applied, [], undefined, 0.1);
      this.#context.done(change(work, merged.action, reasonOf(work, merged), merged.fields));
    }
  }
}
