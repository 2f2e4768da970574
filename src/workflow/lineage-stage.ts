import { buildFqn } from '../model/fqn.ts';
import type { ColumnPair, LineageRecord } from '../model/records.ts';
import type { Change } from '../reconcile/change.ts';
import { type EdgeDetails, edgeHash, mergeEdge, pairKey } from '../reconcile/merge-lineage.ts';
import { fqnOf } from '../reconcile/target-naming.ts';
import type { RunContext } from './run-context.ts';
import type { Endpoint } from './target.ts';

/** Key of an edge among the names that a run has seen. */
export const edgeKey = (from: string, to: string): string => `edge:${from} → ${to}`;

/** Lineage: one edge a pair of tables, sent only when the source's edge has changed. */
export class LineageStage {
  readonly #context: RunContext;

  constructor(context: RunContext) {
    this.#context = context;
  }

  async handle(record: LineageRecord): Promise<void> {
    const { scratch, state, desired } = this.#context;
    const from = fqnOf(record.from.path, desired.naming);
    const to = fqnOf(record.to.path, desired.naming);
    const name = `${from} → ${to}`;
    for (const end of [from, to]) {
      const seen = scratch.seen(end);
      if (seen === 'ok') continue;
      scratch.see(edgeKey(from, to), 'kept-out');
      const why =
        seen === 'failed' ? 'one end of the edge failed' : 'one end of the edge is filtered out or not in OpenMetadata';
      this.#context.skipped('lineage-end-missing', why, name);
      this.#context.done(this.#change(record, name, 'skipped', why));
      return;
    }
    scratch.see(edgeKey(from, to), 'ok');
    const details = this.#details(record, from, to);
    const sourceHash = edgeHash(details);
    const known = state.getEdge(from, to);
    if (known?.sourceHash === sourceHash) {
      this.#context.done(this.#change(record, name, 'unchanged', 'in step'));
      return;
    }
    await this.#context.pool.add(() => this.#run(record, { from, to, name, details, sourceHash }));
  }

  async #run(
    record: LineageRecord,
    edge: { from: string; to: string; name: string; details: EdgeDetails; sourceHash: string },
  ): Promise<void> {
    const { state, target, write } = this.#context;
    const known = state.getEdge(edge.from, edge.to);
    let ends: { from: Endpoint; to: Endpoint } | undefined;
    try {
      const from = await this.#endpoint(edge.from);
      const to = await this.#endpoint(edge.to);
      ends = from && to && { from, to };
      const held = ends && (await this.#held(ends, known !== undefined));
      const merged = mergeEdge(edge.details, held, {
        ...(known?.sourceHash !== undefined && { hash: known.sourceHash }),
        pairs: known?.pairs ?? [],
      });
      if (write && ends) {
        if (merged.write) {
          const pairs = [...new Set([...(known?.pairs ?? []), ...merged.pairs])];
          // Before sending: which pairs may be ours. The hash that confirms follows the answer.
          state.putEdge({ fromFqn: edge.from, toFqn: edge.to, pairs });
          await target.putEdge(ends.from, ends.to, merged.write);
        }
        state.putEdge({ fromFqn: edge.from, toFqn: edge.to, sourceHash: edge.sourceHash, pairs: merged.pairs });
      }
      this.#context.done(this.#change(record, edge.name, merged.action, merged.reason, edge.details));
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      const body = ends && { from: ends.from, to: ends.to, details: edge.details };
      this.#context.failed('lineage', edge.name, error, { method: 'PUT', path: '/v1/lineage', body });
    }
  }

  /**
   * The edge as the target holds it. An edge that ends at a table made in this run cannot be there yet, so a first run
   * needs no look.
   */
  async #held(ends: { from: Endpoint; to: Endpoint }, known: boolean): Promise<EdgeDetails | undefined> {
    const { scratch, target } = this.#context;
    const isNew = !scratch.target(ends.from.fqn) || !scratch.target(ends.to.fqn);
    return isNew && !known ? undefined : target.readEdge(ends.from, ends.to);
  }

  async #endpoint(fqn: string): Promise<Endpoint | undefined> {
    const { state, scratch, target, write } = this.#context;
    const id = scratch.target(fqn)?.id ?? state.getAsset(fqn)?.targetId;
    if (id !== undefined) return { id, fqn };
    if (!write) return undefined;
    const asset = await target.readAsset('table', { fqn });
    if (!asset) return undefined;
    const row = state.getAsset(fqn);
    if (row) state.putAsset({ ...row, targetId: asset.id });
    return { id: asset.id, fqn };
  }

  #details(record: LineageRecord, from: string, to: string): EdgeDetails {
    const pairs = new Map<string, EdgeDetails['columnsLineage'][number]>();
    for (const pair of record.columns) {
      const edgePair = this.#pair(pair, from, to);
      pairs.set(pairKey(edgePair), edgePair);
    }
    return {
      ...(record.query && { sqlQuery: record.query }),
      ...(record.description && { description: record.description }),
      columnsLineage: [...pairs.values()],
    };
  }

  #pair(pair: ColumnPair, from: string, to: string): EdgeDetails['columnsLineage'][number] {
    const { naming } = this.#context.desired;
    const columnFqn = (asset: string, column: string): string => `${asset}.${buildFqn([naming.column(column).name])}`;
    return {
      fromColumns: pair.from.map((column) => columnFqn(from, column)),
      toColumn: columnFqn(to, pair.to),
      ...(pair.expression && { function: pair.expression }),
    };
  }

  #change(record: LineageRecord, fqn: string, action: Change['action'], reason: string, details?: EdgeDetails): Change {
    const pairs = details?.columnsLineage ?? [];
    const writes = action === 'create' || action === 'update';
    return {
      action,
      entityType: 'lineage',
      fqn,
      reason,
      fields: writes
        ? pairs.map((pair) => ({
            field: 'columnsLineage',
            action: 'add',
            to: `${pair.fromColumns.join(', ')} → ${pair.toColumn}`,
            reason: pair.function ? `by ${pair.function}` : 'column lineage',
          }))
        : [],
      provenance: record.provenance,
    };
  }
}
