import { textHash } from '../../reconcile/applied.ts';
import type { AssetState, JournalEntry } from '../../state/state-store.ts';
import type { UndoContext } from './undo-context.ts';
import { undoneKey } from './undo-marks.ts';
import type { Surrounding, SurroundingType } from './undo-target.ts';

const firstVersion = 0.1;

/** Reverts what a run made beside assets: services, classifications, tags. Custom properties and told runs stay. */
export class UndoSurroundings {
  readonly #undo: UndoContext;

  constructor(undo: UndoContext) {
    this.#undo = undo;
  }

  async revert(entry: JournalEntry): Promise<void> {
    const { entityType } = entry;
    if (entityType === 'customProperty') {
      return this.#undo.kept(entry, 'the definition of a custom property stays: others may use it by now');
    }
    if (entityType === 'pipelineRun') {
      return this.#undo.kept(entry, 'a run of a pipeline that was told cannot be taken back');
    }
    const type = entityType as SurroundingType;
    const found = await this.#undo.target.findSurrounding(type, entry.fqn);
    if (entry.action === 'update') return this.#described(entry, found);
    if (!found || found.deleted) {
      this.#undo.goes({ type, fqn: entry.fqn });
      await this.#mark(entry, found ?? 'gone');
      return this.#undo.done(entry, 'unchanged', found ? 'deleted already' : 'not in OpenMetadata any more');
    }
    const why = await this.#whyKept(type, entry, found);
    if (why !== undefined) return this.#undo.kept(entry, why);
    this.#undo.goes({ type, fqn: entry.fqn });
    if (this.#undo.run.write) {
      await this.#undo.target.deleteSurrounding(type, found.id);
      await this.#mark(entry, found);
    }
    this.#undo.done(entry, 'delete', entry.action === 'restore' ? 'restored by the run' : 'made by the run');
  }

  async #whyKept(type: SurroundingType, entry: JournalEntry, found: Surrounding): Promise<string | undefined> {
    const { target } = this.#undo;
    const touched =
      entry.action === 'restore'
        ? !(await target.lastIsBot(type, found.id))
        : found.version > firstVersion && (await target.touchedSince(type, found.id, firstVersion));
    if (touched) return 'somebody has changed it since the run';
    const held = await this.#undo.holds(type, found.id, entry.fqn);
    if (held) return `it holds what is not of the run, such as ${held.fqn}`;
    if (type !== 'tag') return undefined;
    const labels = await this.#undo.labelsLeft('tag', found.id, entry.fqn);
    return labels > 0 ? `${labels} other labels of it are in use, which would go with it` : undefined;
  }

  /** The description of a tag. */
  async #described(entry: JournalEntry, found: Surrounding | undefined): Promise<void> {
    if (!found || found.deleted) return this.#undo.kept(entry, 'not in OpenMetadata any more');
    const was = (entry.before as { description: string }).description;
    const ours = (entry.after as { description: string }).description;
    const { description: held } = found;
    if (held !== was && held !== ours) {
      const field = { field: 'description', action: 'keep', from: held, reason: 'changed since the run' } as const;
      return this.#undo.done(entry, 'kept', 'changed since the run', [field]);
    }
    if (this.#undo.run.write && held !== was) await this.#undo.target.describeTag(found.id, was, held);
    await this.#mark(entry);
    await this.#noteDescription(entry, was);
    if (held === was) return this.#undo.done(entry, 'unchanged', 'as before the run');
    const field = {
      field: 'description',
      action: 'replace',
      from: held,
      to: was,
      reason: 'as it was before the run',
    } as const;
    this.#undo.done(entry, 'update', 'written by the run', [field]);
  }

  /** The text that is back was ours or nobody's before: should the undo be forgotten, it gives way to the source again. */
  async #noteDescription({ fqn }: JournalEntry, text: string): Promise<void> {
    const { state, write } = this.#undo.run;
    const row = write ? await state.getAsset('tag', fqn) : undefined;
    if (row) await state.putAsset({ ...row, pending: { texts: { description: textHash(text) }, labels: {} } });
  }

  /** @param away what was taken away, where it was */
  async #mark({ entityType, fqn }: JournalEntry, away?: Surrounding | 'gone'): Promise<void> {
    const { run, runId } = this.#undo;
    if (!run.write) return;
    if (entityType !== 'tag') return run.state.setMeta(undoneKey(entityType, fqn), runId);
    const row = await run.state.getAsset(entityType as AssetState['entityType'], fqn);
    if (away === undefined || away === 'gone') {
      if (row) await run.state.putAsset({ ...row, ...(away && { deletedByUs: true }), undone: runId });
      return;
    }
    // A run that was killed right after it had made the tag remembers nothing of it.
    const applied = row?.applied ?? { texts: { description: textHash(away.description) }, labels: {} };
    const known = row ?? { entityType: 'tag', fqn, sourceId: fqn };
    await run.state.putAsset({ ...known, targetId: away.id, applied, deletedByUs: true, undone: runId });
  }
}
