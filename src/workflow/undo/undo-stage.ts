import { isAssetKind } from '../../model/records.ts';
import type { ChangedEntityType } from '../../reconcile/change.ts';
import type { JournalEntry } from '../../state/state-store.ts';
import { UndoAssets } from './undo-assets.ts';
import type { UndoContext } from './undo-context.ts';
import { UndoEdges } from './undo-edges.ts';
import { undoneRunKey } from './undo-marks.ts';
import { UndoSurroundings } from './undo-surroundings.ts';

/** Kinds that hold nothing that a run writes: many are reverted at once. */
const alone: ReadonlySet<ChangedEntityType> = new Set<ChangedEntityType>([
  'table',
  'topic',
  'pipeline',
  'mlmodel',
  'lineage',
]);

/** Reverts a run's writes, the last one first. One that fails is told, and the others go on. */
export class UndoStage {
  readonly #undo: UndoContext;
  readonly #assets: UndoAssets;
  readonly #edges: UndoEdges;
  readonly #surroundings: UndoSurroundings;
  /** Names under way: two writes of one thing are reverted one after the other. */
  readonly #underWay = new Set<string>();

  constructor(undo: UndoContext) {
    this.#undo = undo;
    this.#assets = new UndoAssets(undo);
    this.#edges = new UndoEdges(undo);
    this.#surroundings = new UndoSurroundings(undo);
  }

  async run(): Promise<void> {
    const { run, runId } = this.#undo;
    // Before anything is sent: an ingest after a killed undo must look for its marks.
    if (run.write) await run.state.setMeta(undoneRunKey(runId), runId);
    await this.#noteDeletions();
    await this.#pass((entry) => !isEdgeToPut(entry));
    // Edges that come back need their ends, and the columns that they lead between.
    await this.#pass(isEdgeToPut);
    if (run.write && run.report.failureCount === 0) {
      await run.state.markUndone(runId, new Date().toISOString());
    }
  }

  /** What the run has deleted may come back with what holds it, and nothing else. */
  async #noteDeletions(): Promise<void> {
    const { run, runId } = this.#undo;
    for await (const { action, entityType, fqn } of run.state.listJournal(runId)) {
      if (action === 'delete' && isAssetKind(entityType)) run.scratch.addCandidate(entityType, fqn);
    }
  }

  async #pass(isWanted: (entry: JournalEntry) => boolean): Promise<void> {
    const { run, runId } = this.#undo;
    let kind: ChangedEntityType | undefined;
    for await (const entry of run.state.listJournal(runId)) {
      if (!isWanted(entry)) continue;
      run.signal.throwIfAborted();
      if (entry.entityType !== kind || !alone.has(entry.entityType) || this.#underWay.has(entry.fqn)) {
        await run.pool.drain();
      }
      kind = entry.entityType;
      this.#underWay.add(entry.fqn);
      await run.pool.add(() => this.#revert(entry));
    }
    await run.pool.drain();
    run.signal.throwIfAborted();
  }

  async #revert(entry: JournalEntry): Promise<void> {
    try {
      await this.#partOf(entry.entityType).revert(entry);
    } catch (error) {
      const { run, runId } = this.#undo;
      if (run.signal.aborted) throw error;
      run.failed(entry.entityType, entry.fqn, error);
      run.deadLetters?.write({ runId, entityType: entry.entityType, name: entry.fqn }, error);
    } finally {
      this.#underWay.delete(entry.fqn);
    }
  }

  #partOf(type: ChangedEntityType): { revert(entry: JournalEntry): Promise<void> } {
    if (type === 'lineage') return this.#edges;
    return isAssetKind(type) || type === 'termRelation' ? this.#assets : this.#surroundings;
  }
}

/** An edge that the run has changed or taken away, not one that it has drawn. */
function isEdgeToPut({ entityType, action }: JournalEntry): boolean {
  return entityType === 'lineage' && action !== 'create';
}
