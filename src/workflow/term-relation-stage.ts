import { canonicalHash } from '../model/canonical-hash.ts';
import type { TermRelationRecord } from '../model/records.ts';
import { PatchConflict } from '../openmetadata/patch-conflict.ts';
import { combinePending } from '../reconcile/applied.ts';
import type { Change, FieldChange } from '../reconcile/change.ts';
import { listKey, mergeList } from '../reconcile/merge-list.ts';
import { PatchBuilder } from '../reconcile/patch.ts';
import { assetFqn } from '../reconcile/target-naming.ts';
import type { AssetState } from '../state/state-store.ts';
import type { RunContext } from './run-context.ts';

const field = 'relatedTerms';
/** How often a list is merged anew when somebody changes the term at the same time. */
const patchTries = 4;

/** Relations between terms, once all of them are there: merged like a list of words, written as one patch a term. */
export class TermRelationStage {
  readonly #context: RunContext;
  /** Terms whose lists are perhaps being written: a list is sent whole, and the other end's list changes with it. */
  readonly #underWay = new Set<string>();

  constructor(context: RunContext) {
    this.#context = context;
  }

  async handle(record: TermRelationRecord): Promise<void> {
    const { state, desired } = this.#context;
    const name = (path: TermRelationRecord['path']): string => assetFqn({ kind: 'glossaryTerm', path }, desired.naming);
    const fqn = name(record.path);
    if (!desired.usableTerm(fqn)) return this.#done('skipped', fqn, 'the term is not in OpenMetadata', [], record);
    const related = [...new Set(record.related.map(name))].filter(
      (other) => other !== fqn && desired.usableTerm(other),
    );
    const sourceHash = canonicalHash(related.sort());
    const known = await state.getAsset('termRelation', fqn);
    if (known?.sourceHash === sourceHash) {
      if (known.undone === undefined) return this.#done('unchanged', fqn, 'in step', [], record);
      return this.#done('kept', fqn, `undone with run ${known.undone}`, [], record);
    }
    const before = known?.applied?.labels[listKey(field)] ?? [];
    // Most terms are related to none and never were: what others have put there is not looked at.
    if (related.length === 0 && before.length === 0 && !known?.pending) {
      return this.#done('unchanged', fqn, 'in step', [], record);
    }
    const touched = [fqn, ...related, ...before];
    if (touched.some((term) => this.#underWay.has(term))) {
      await this.#context.pool.drain();
      this.#underWay.clear();
    }
    for (const term of touched) this.#underWay.add(term);
    await this.#context.pool.add(() => this.#run(record, fqn, related, sourceHash, known));
  }

  async #run(
    record: TermRelationRecord,
    fqn: string,
    related: readonly string[],
    sourceHash: string,
    known: AssetState | undefined,
    tries = 1,
  ): Promise<void> {
    const { state, target, write } = this.#context;
    try {
      const held = await target.readAsset('glossaryTerm', { fqn });
      const merged = mergeList({
        field,
        source: related,
        target: held?.lists?.[field] ?? [],
        base: {
          applied: known?.applied ?? { texts: {}, labels: {} },
          ...(known?.pending && { pending: known.pending }),
        },
        // Without a base, what is there was put there by others, and what is not was never ours.
        history: 'none',
      });
      if (merged === 'needs-history') return;
      const row = { entityType: 'termRelation', fqn, sourceId: record.provenance.id } as const;
      const applied = { texts: {}, labels: { [listKey(field)]: merged.ours } };
      if (write && held) {
        if (merged.write) {
          const patch = new PatchBuilder();
          patch.list(`/${field}`, merged.write, (held.lists?.[field] ?? []).length > 0);
          // Before it is confirmed, what is missing afterwards was not removed by a person.
          const pending = combinePending(known?.pending, applied);
          await state.putAsset({ ...row, ...(known?.applied && { applied: known.applied }), pending });
          const entry = {
            action: 'update',
            entityType: 'termRelation',
            fqn,
            targetId: held.id,
            before: { lists: { [field]: held.lists?.[field] ?? [] } },
            after: { fields: merged.changes.filter(({ action }) => action !== 'keep'), sourceHash },
          } as const;
          await this.#context.journal.note(entry);
          const stored = await target.patchAsset('glossaryTerm', held.id, patch.operations(held.updatedAt));
          await this.#keepInStep(fqn, held.version, stored.version);
        }
        await state.putAsset({ ...row, applied, sourceHash });
      }
      const writes = merged.changes.some(({ action }) => action !== 'keep');
      const action = writes ? 'update' : merged.changes.length > 0 ? 'kept' : 'unchanged';
      this.#done(action, fqn, writes ? 'at the source' : 'in step', merged.changes, record);
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      if (error instanceof PatchConflict && tries < patchTries) {
        const now = await state.getAsset('termRelation', fqn);
        return this.#run(record, fqn, related, sourceHash, now, tries + 1);
      }
      this.#context.failed('termRelation', fqn, error);
    }
  }

  /** Our own patch has raised the term's version: the next run shall not take it for somebody else's change. */
  async #keepInStep(fqn: string, before: number, after: number | undefined): Promise<void> {
    const { state } = this.#context;
    const term = await state.getAsset('glossaryTerm', fqn);
    if (term?.targetVersion === before && after !== undefined) await state.putAsset({ ...term, targetVersion: after });
  }

  #done(
    action: Change['action'],
    fqn: string,
    reason: string,
    fields: readonly FieldChange[],
    { provenance }: TermRelationRecord,
  ): void {
    this.#context.done({ action, entityType: 'termRelation', fqn, reason, fields, provenance });
  }
}
