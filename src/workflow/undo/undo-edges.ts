import type { EdgeDetails } from '../../reconcile/merge-lineage.ts';
import { pairKey } from '../../reconcile/merge-lineage.ts';
import { undoEdge } from '../../reconcile/undo-edge.ts';
import type { EdgeEnd, JournalEntry } from '../../state/state-store.ts';
import type { EdgeAfter, EdgeBefore } from '../journal-entry.ts';
import type { Endpoint } from '../target.ts';
import type { UndoContext } from './undo-context.ts';

/** Reverts the writes of lineage edges. */
export class UndoEdges {
  readonly #undo: UndoContext;

  constructor(undo: UndoContext) {
    this.#undo = undo;
  }

  async revert(entry: JournalEntry): Promise<void> {
    const { target, run } = this.#undo;
    const { from, to, details: before } = entry.before as EdgeBefore;
    const after = entry.action === 'delete' ? undefined : (entry.after as EdgeAfter).details;
    const [start, end] = [await this.#endpoint(from), await this.#endpoint(to)];
    if (!start || !end) {
      // An edge at something deleted is out of reach, and out of sight with it.
      await this.#mark(entry, before, after === undefined);
      return this.#undo.done(entry, 'unchanged', 'an end of it is not in OpenMetadata any more');
    }
    const undone = undoEdge({ before, after, now: await target.readEdge(start, end) });
    if (run.write) {
      if (undone.action === 'delete') await target.deleteEdge(start, end);
      if (undone.action === 'put') await target.putEdge(start, end, undone.details!);
      if (undone.action !== 'keep') await this.#mark(entry, before, after === undefined);
    }
    switch (undone.action) {
      case 'delete':
        return this.#undo.done(entry, 'delete', 'drawn by the run', undone.fields);
      case 'put':
        return after === undefined
          ? this.#undo.done(entry, 'create', 'taken away by the run', undone.fields)
          : this.#undo.done(entry, 'update', 'written by the run', undone.fields);
      case 'keep':
        return this.#undo.done(entry, 'kept', 'somebody has changed it since the run', undone.fields);
      case 'back':
        return this.#undo.done(entry, 'unchanged', 'as before the run');
    }
  }

  async #endpoint({ entityType, fqn }: EdgeEnd): Promise<Endpoint | undefined> {
    const asset = await this.#undo.target.readAsset(entityType, { fqn });
    const isThere = asset && (!asset.deleted || this.#undo.comesBack({ type: entityType, fqn }));
    return isThere ? { id: asset.id, fqn, type: entityType } : undefined;
  }

  /** The next ingest leaves the edge as it is until the source tells it otherwise. */
  async #mark(entry: JournalEntry, before: EdgeDetails | undefined, wasDeleted: boolean): Promise<void> {
    const { run, runId } = this.#undo;
    if (!run.write) return;
    const { from, to, state } = entry.before as EdgeBefore;
    const known = await run.state.getEdge(from, to);
    if (wasDeleted) {
      const pairs = state?.pairs ?? before?.columnsLineage.map(pairKey) ?? [];
      const { sourceHash: _h, ...rest } = state ?? { from, to };
      return run.state.putEdge({ ...rest, pairs, undone: runId });
    }
    const sourceHash = known?.sourceHash ?? (entry.after as EdgeAfter).sourceHash;
    const hash = sourceHash === undefined ? {} : { sourceHash };
    if (before) {
      // Pairs that are back and were ours are ours again.
      const pairs = [...new Set([...(known?.pairs ?? []), ...(state?.pairs ?? [])])];
      return run.state.putEdge({ ...(known ?? { from, to }), pairs, ...hash, undone: runId });
    }
    const sourceId = known?.sourceId === undefined ? {} : { sourceId: known.sourceId };
    await run.state.putEdge({ from, to, ...sourceId, ...hash, pairs: [], undone: runId });
  }
}
