import type { StateStore } from '../../state/state-store.ts';
import { markKey } from '../choose-reading.ts';

const prefix = 'undone.';

/** Meta key of the mark on something without a row of its own: a service, a classification. */
export function undoneKey(type: string, fqn: string): string {
  return `${prefix}${type}.${fqn}`;
}

/** Meta key that says that marks of a run's undo may be about. */
export function undoneRunKey(runId: string): string {
  return undoneKey('run', runId);
}

/**
 * What was undone, as an ingest needs to know it. Where no run was ever undone it costs nothing: nobody is asked.
 */
export class UndoMarks {
  readonly #state: StateStore;
  readonly #labels = { tag: new Set<string>(), glossaryTerm: new Set<string>() };
  #any = false;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** Looks whether there are any, and reads which tags and terms went: a vocabulary is small. */
  async read(): Promise<void> {
    for await (const _ of this.#state.listMeta(prefix)) {
      this.#any = true;
      break;
    }
    if (!this.#any) return;
    for (const type of ['tag', 'glossaryTerm'] as const) {
      for await (const { fqn, undone, deletedByUs } of this.#state.listAssets(type)) {
        if (undone !== undefined && deletedByUs) this.#labels[type].add(fqn);
      }
    }
  }

  /** Whether a label could be used before an undo took its tag or term away. */
  hadLabel(type: 'tag' | 'glossaryTerm', fqn: string): boolean {
    return this.#labels[type].has(fqn);
  }

  /** False where no run was ever undone. */
  get any(): boolean {
    return this.#any;
  }

  /** The run that was undone and had made a service or a classification. */
  async runOf(type: string, fqn: string): Promise<string | undefined> {
    return this.#any ? this.#state.getMeta(undoneKey(type, fqn)) : undefined;
  }
}

/**
 * Takes the marks of one undone run away, so that the next ingest makes anew what was undone. Whose words are whose is
 * then told by the target's history, as without a memory.
 *
 * @returns how many marks there were
 */
export async function forgetUndo(state: StateStore, runId: string): Promise<number> {
  let count = 0;
  for await (const row of state.listAssets()) {
    if (row.undone !== runId) continue;
    // What a run had deleted and the undo restored has no hash: it is ours as before.
    const { undone: _u, sourceHash, applied, pending, ...rest } = row;
    const isTag = row.entityType === 'tag';
    const known = isTag ? pending : sourceHash === undefined ? applied : undefined;
    await state.putAsset({ ...rest, ...(known && { applied: known }) });
    count += 1;
  }
  for await (const edge of state.listEdges()) {
    if (edge.undone !== runId) continue;
    const { undone: _u, sourceHash, ...rest } = edge;
    // An edge that we had made and the undo took away is new to the next ingest.
    if (sourceHash !== undefined && edge.pairs.length === 0 && !edge.created)
      await state.forgetEdge(edge.from, edge.to);
    else await state.putEdge(rest);
    count += 1;
  }
  // What has not changed at the source is read again only by a run that reads everything.
  if (count > 0) await state.setMeta(markKey, undefined);
  const keys: string[] = [];
  for await (const [key, value] of state.listMeta(prefix)) if (value === runId) keys.push(key);
  for (const key of keys) await state.setMeta(key, undefined);
  return count + keys.filter((key) => key !== undoneRunKey(runId)).length;
}
