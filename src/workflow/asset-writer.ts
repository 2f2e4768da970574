import { PatchConflict } from '../openmetadata/patch-conflict.ts';
import type { Applied } from '../reconcile/applied.ts';
import type { FieldChange } from '../reconcile/change.ts';
import type { AssetMerge } from '../reconcile/merge-asset.ts';
import { columnKey } from '../reconcile/merge-columns.ts';
import type { LostParts } from '../reconcile/put-body.ts';
import type { AssetType, TargetAsset } from '../reconcile/target-asset.ts';
import { type AssetWork, change, identityState, pendingState, reasonOf } from './asset-work.ts';
import { journalEntry, withLaterFields } from './journal-entry.ts';
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
    const { state, target, journal } = this.#context;
    if (merged.action === 'unchanged' || merged.action === 'kept') {
      await this.#confirm(work, merged.applied, merged.fields, held!.id, held!.version);
      this.#context.done(change(work, merged.action, reasonOf(work, merged), merged.fields));
      return;
    }
    const entry = journalEntry(work, held, merged);
    const [noted] = await Promise.all([journal.note(entry), state.putAsset(pendingState(work, merged, held))]);
    if (merged.action === 'create' && target.bulkSize > 0) {
      await this.#putInBulk({ work, merged });
      return;
    }
    const { stored, decision } = await this.#send(work, held, merged);
    const kept = held ? decision.fields.filter((field) => field.action === 'keep') : [];
    if (!held && work.state) await state.forgetEdgesOf(work.desired);
    if (held) {
      const versionAfter = stored.version === undefined ? {} : { versionAfter: stored.version };
      await journal.complete(noted, { ...withLaterFields(entry, work, decision), ...versionAfter });
    }
    const dropped = lostParts(work, held, merged);
    await this.#confirm({ ...work, ...(dropped && { dropped }) }, decision.applied, kept, stored.id, stored.version);
    const told = wasOvertaken(merged, decision) ? decision : merged;
    this.#context.done(change(work, told.action, reasonOf(work, told), told.fields));
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
  ): Promise<{ stored: { id: string; version?: number }; decision: AssetMerge }> {
    const { target } = this.#context;
    const { entityType } = work.desired;
    let current = held;
    let decision = merged;
    let stored: { id: string; version?: number } | undefined;
    if (decision.put) {
      const isTerm = entityType === 'glossaryTerm' && held?.deleted;
      stored = isTerm ? await target.restoreAsset(entityType, held.id) : await target.putAsset(decision.put);
      if (!held) return { stored, decision };
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
    return { stored: stored ?? current!, decision };
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
    work: AssetWork & { readonly dropped?: LostParts },
    applied: Applied,
    kept: readonly FieldChange[],
    targetId: string | undefined,
    targetVersion: number | undefined,
  ): Promise<void> {
    await this.#context.state.putAsset({
      ...identityState(work),
      ...(targetId !== undefined && { targetId }),
      ...(targetVersion !== undefined && { targetVersion }),
      // Parts that only a guard has kept are looked at again in the next run.
      ...(!work.keepParts && { sourceHash: work.sourceHash }),
      applied,
      ...(kept.length > 0 && { kept }),
      ...((work.dropped ?? work.state?.dropped) && { dropped: work.dropped ?? work.state!.dropped! }),
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
    const made = rows.filter(({ work }) => {
      const outcome = outcomes.get(work.desired.fqn);
      if (outcome && !outcome.error) return true;
      this.#context.scratch.see(type, work.desired.fqn, 'failed');
      this.fail(work, outcome?.error ?? new Error('The bulk answer does not mention this entity.'));
      return false;
    });
    // A bulk answer tells no id, but the version of what was just made is the first, and one put later the second. Where a
    // server counts otherwise, the next run looks at the asset once.
    const versionOf = ({ work }: Waiting): number => (outcomes.get(work.desired.fqn)?.putAgain ? 0.2 : 0.1);
    await Promise.all(made.map((row) => this.#confirm(row.work, row.merged.applied, [], undefined, versionOf(row))));
    for (const { work, merged } of made) {
      this.#context.done(change(work, merged.action, reasonOf(work, merged), merged.fields));
    }
  }
}

/** What state keeps of dropped parts: the words and labels that they had. Parts that are back are taken out. */
function lostParts(work: AssetWork, held: TargetAsset | undefined, merged: AssetMerge): LostParts | undefined {
  const back = new Set((work.desired.columns ?? []).map(({ name }) => columnKey(name)));
  const lost = Object.fromEntries(Object.entries(work.state?.dropped ?? {}).filter(([name]) => !back.has(name)));
  for (const name of merged.dropped ?? []) {
    const column = held?.columns?.find((other) => other.name === name);
    if (!column || (!column.description && !column.displayName && column.tags.length === 0)) continue;
    const { description, displayName, tags } = column;
    lost[columnKey(name)] = {
      ...(description !== undefined && { description }),
      ...(displayName !== undefined && { displayName }),
      tags,
    };
  }
  return work.state?.dropped || Object.keys(lost).length > 0 ? lost : undefined;
}

/** True when a person wrote what we were about to write, and was faster. */
function wasOvertaken(merged: AssetMerge, decision: AssetMerge): boolean {
  if (merged.put || merged === decision) return false;
  const ours = new Set(merged.fields.filter(({ action }) => action !== 'keep').map(({ field }) => field));
  return decision.fields.some(({ field, action }) => action === 'keep' && ours.has(field));
}
