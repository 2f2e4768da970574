import type { GoneCandidate } from '../connectors/source.ts';
import { isAssetKind } from '../model/records.ts';
import type { Change } from '../reconcile/change.ts';
import { guardReason, needsAttention, objectingGuard, type RunFacts, shareOf } from '../reconcile/deletion-guards.ts';
import { pairKey } from '../reconcile/merge-lineage.ts';
import type { AssetState, EdgeEnd, EdgeState } from '../state/state-store.ts';
import type { DeletionOptions } from './deletion-stage.ts';
import type { EdgeAfter, EdgeBefore } from './journal-entry.ts';
import { isTakenBack } from './lineage-stage.ts';
import type { RunContext } from './run-context.ts';
import type { Endpoint } from './target.ts';

const chunk = 100;

/**
 * Edges that the source no longer has: those that we made are taken away, of others only the column pairs that we had put
 * there. Behind the same guards as assets.
 */
export class EdgeDeletions {
  readonly #context: RunContext;
  readonly #options: DeletionOptions;
  readonly #facts: RunFacts;
  readonly #outOfScope: (asset: AssetState) => boolean;

  constructor(
    context: RunContext,
    options: DeletionOptions,
    facts: RunFacts,
    outOfScope: (asset: AssetState) => boolean,
  ) {
    this.#context = context;
    this.#options = options;
    this.#facts = facts;
    this.#outOfScope = outOfScope;
  }

  async run(): Promise<void> {
    const { state, report } = this.#context;
    let count = 0;
    for await (const edge of this.#missing()) {
      const left = await this.#leftAlone(edge);
      if (left) {
        if (left !== 'out of sight') this.#done('kept', edge, left);
      } else if (await this.#inScope(edge)) count += 1;
      else this.#list(edge, guardReason('out-of-scope', this.#facts, { kind: 'lineage', count: 0, previous: 0 }));
    }
    if (count === 0) return;
    const candidates = { kind: 'lineage', count, previous: await state.countEdges() };
    let guard = objectingGuard(this.#facts, candidates);
    if (!guard && !(await this.#allConfirmed())) guard = 'unconfirmed';
    if (guard) {
      const message = guardReason(guard, this.#facts, candidates);
      if (needsAttention(guard))
        report.guards.push({ guard, entityType: 'lineage', count, message, ...shareOf(guard, candidates) });
      for await (const edge of this.#candidates()) {
        this.#list(edge, message);
        if (guard === 'unconfirmed') this.#holdBackEnds(edge);
      }
      return;
    }
    for await (const edge of this.#candidates()) this.#options.announce('lineage', nameOf(edge));
    for await (const edge of this.#candidates()) {
      this.#context.signal.throwIfAborted();
      await this.#remove(edge);
    }
  }

  /**
   * Edges of earlier runs that this one has not seen. A run that reads only changes tells all edges that lead to an asset
   * together with it: only those can be missed.
   */
  async *#missing(): AsyncIterable<EdgeState> {
    const { state, scratch, lazy } = this.#context;
    if (!lazy) {
      for await (const edge of state.listEdges()) {
        if (scratch.seenEdge(edge.from, edge.to) === undefined) yield edge;
      }
      return;
    }
    for await (const end of this.#toldWhole()) {
      for await (const edge of state.listEdges(end)) {
        if (scratch.seenEdge(edge.from, edge.to) === undefined) yield edge;
      }
    }
  }

  /** Assets of which a run that reads only changes knows all that leads into them: those it was told, and those gone. */
  async *#toldWhole(): AsyncIterable<EdgeEnd> {
    const { state, scratch } = this.#context;
    yield* scratch.seenAssets();
    for (const id of scratch.goneIds()) {
      for (const { entityType, fqn } of await state.findBySource(id)) {
        if (!isAssetKind(entityType) || scratch.seen(entityType, fqn) !== undefined) continue;
        yield { entityType, fqn };
      }
    }
  }

  async *#candidates(): AsyncIterable<EdgeState> {
    for await (const edge of this.#missing()) {
      if (!(await this.#leftAlone(edge)) && (await this.#inScope(edge))) yield edge;
    }
  }

  /**
   * Why an edge is no candidate: an undo has put it, or what it leads to, back. One that an undo took away, or at an end that
   * we have deleted, is out of sight: should the end come back, the edge is asked about again.
   */
  async #leftAlone(edge: EdgeState): Promise<string | undefined> {
    if (isTakenBack(edge)) return 'out of sight';
    if (edge.undone !== undefined && edge.sourceHash === undefined) {
      return `its deletion was undone with run ${edge.undone}`;
    }
    const ends = await this.#ends(edge);
    if (ends.some((end) => end?.deletedByUs)) return 'out of sight';
    const restored = ends.find((end) => end?.undone !== undefined && end.sourceHash === undefined);
    return restored && `the deletion of an end of it was undone with run ${restored.undone}`;
  }

  async #inScope(edge: EdgeState): Promise<boolean> {
    const ends = await this.#ends(edge);
    return ends.every((end) => end !== undefined && !this.#outOfScope(end));
  }

  #ends({ from, to }: EdgeState): Promise<(AssetState | undefined)[]> {
    const read = (end: EdgeEnd) => this.#context.state.getAsset(end.entityType, end.fqn);
    return Promise.all([read(from), read(to)]);
  }

  async #allConfirmed(): Promise<boolean> {
    const { source } = this.#options;
    if (!source.confirmGone) return false;
    let batch: GoneCandidate[] = [];
    const ask = async (): Promise<boolean> => {
      const asked = batch;
      batch = [];
      const outcomes = asked.length > 0 ? await source.confirmGone!(asked, this.#context.signal) : [];
      return outcomes.every((outcome) => outcome === 'gone');
    };
    for await (const edge of this.#candidates()) {
      if (edge.sourceId === undefined) return false;
      const [from, to] = await this.#ends(edge);
      batch.push({ kind: 'lineage', id: edge.sourceId, ends: { from: from?.sourceId, to: to?.sourceId } });
      if (batch.length === chunk && !(await ask())) return false;
    }
    return ask();
  }

  async #remove(edge: EdgeState): Promise<void> {
    const { state, target, write, journal } = this.#context;
    try {
      const [from, to] = [await this.#endpoint(edge.from), await this.#endpoint(edge.to)];
      const held = from && to && (await target.readEdge(from, to));
      if (!from || !to || !held) {
        if (write) await state.forgetEdge(edge.from, edge.to);
        return;
      }
      const ours = new Set(edge.pairs);
      const others = held.columnsLineage.filter((pair) => !ours.has(pairKey(pair)));
      const goes = edge.created === true && others.length === 0;
      if (write) {
        const before: EdgeBefore = { from: edge.from, to: edge.to, details: held, state: edge };
        const entry = { entityType: 'lineage', fqn: nameOf(edge), before } as const;
        const after: EdgeAfter = { details: { ...held, columnsLineage: others } };
        await journal.note(goes ? { ...entry, action: 'delete' } : { ...entry, action: 'update', after });
        if (goes) await target.deleteEdge(from, to);
        else await target.putEdge(from, to, after.details);
        await state.forgetEdge(edge.from, edge.to);
      }
      const reason = goes ? 'gone at the source' : 'gone at the source; what others put there stays';
      this.#done(goes ? 'delete' : 'update', edge, reason);
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      this.#context.failed('lineage', nameOf(edge), error);
      this.#holdBackEnds(edge);
    }
  }

  /** An edge at something deleted is out of reach for good: its ends wait for a run that can take it away first. */
  #holdBackEnds({ from, to }: EdgeState): void {
    this.#context.scratch.holdBack(from);
    this.#context.scratch.holdBack(to);
  }

  async #endpoint({ entityType, fqn }: EdgeEnd): Promise<Endpoint | undefined> {
    const { scratch, state, target, lazy, looksUp } = this.#context;
    const listed =
      scratch.target(entityType, fqn) ?? (looksUp && !lazy ? await target.readAsset(entityType, { fqn }) : undefined);
    // An edge at something deleted is out of reach, and out of sight with it.
    if (listed?.deleted) return undefined;
    const id = listed?.id ?? (await state.getAsset(entityType, fqn))?.targetId;
    const known = id ?? (await target.findAssetId(entityType, fqn));
    return known === undefined ? undefined : { id: known, fqn, type: entityType };
  }

  #list(edge: EdgeState, reason: string): void {
    this.#done('gone', edge, reason);
  }

  #done(action: Change['action'], edge: EdgeState, reason: string): void {
    this.#context.done({ action, entityType: 'lineage', fqn: nameOf(edge), reason, fields: [] });
  }
}

function nameOf({ from, to }: EdgeState): string {
  return `${from.fqn} → ${to.fqn}`;
}
