import { buildFqn } from '../model/fqn.ts';
import type { AssetKind, AssetRef, ColumnName, ColumnPair, LineageRecord } from '../model/records.ts';
import type { Change } from '../reconcile/change.ts';
import { type EdgeDetails, edgeHash, mergeEdge, pairKey } from '../reconcile/merge-lineage.ts';
import { assetFqn, partName, type TargetNaming } from '../reconcile/target-naming.ts';
import type { EdgeEnd, EdgeState } from '../state/state-store.ts';
import { AssetIds } from './asset-ids.ts';
import type { EdgeAfter, EdgeBefore } from './journal-entry.ts';
import { LookAhead } from './look-ahead.ts';
import type { RunContext } from './run-context.ts';
import type { Seen } from './scratch.ts';
import type { Endpoint } from './target.ts';

interface Edge {
  readonly from: EdgeEnd;
  readonly to: EdgeEnd;
  readonly name: string;
  readonly details: EdgeDetails;
  readonly sourceHash: string;
}

const missingColumn = 'a column of the lineage is not in OpenMetadata, so the edge goes without it';
const unsupportedColumns = 'this OpenMetadata version holds no such column lineage, so the edge goes with less of it';

/** Lineage: one edge a pair of tables, sent only when the source's edge has changed. */
export class LineageStage {
  readonly #context: RunContext;
  readonly #ids: AssetIds;
  readonly #ahead = new LookAhead();

  constructor(context: RunContext) {
    this.#context = context;
    this.#ids = new AssetIds(context);
  }

  async handle(record: LineageRecord): Promise<void> {
    const { scratch, state, desired } = this.#context;
    const from = edgeEnd(record.from, desired.naming);
    const to = edgeEnd(record.to, desired.naming);
    const name = `${from.fqn} → ${to.fqn}`;
    for (const end of [from, to]) {
      const seen = await this.#seen(end);
      if (seen === 'ok') continue;
      scratch.seeEdge(from, to, 'kept-out');
      if (seen === 'undone') {
        this.#context.done(this.#change(record, name, 'kept', 'an end of it was undone with a run'));
        return;
      }
      const why =
        seen === 'failed' ? 'one end of the edge failed' : 'one end of the edge is filtered out or not in OpenMetadata';
      this.#context.skipped('lineage-end-missing', why, name);
      this.#context.done(this.#change(record, name, 'skipped', why));
      return;
    }
    scratch.seeEdge(from, to, 'ok');
    const details = this.#details(record, from.fqn, to.fqn);
    const sourceHash = edgeHash(details);
    await this.#ahead.add(state.getEdge(from, to), async (known) => {
      if (known?.sourceHash === sourceHash) {
        const stays = known.undone !== undefined;
        const reason = stays ? `undone with run ${known.undone}; the source has not changed it since` : 'in step';
        this.#context.done(this.#change(record, name, stays ? 'kept' : 'unchanged', reason));
        return;
      }
      await this.#context.pool.add(() => this.#run(record, { from, to, name, details, sourceHash }, known));
    });
  }

  /** Waits until everything handed over so far is under way. */
  async flush(): Promise<void> {
    await this.#ahead.drain();
  }

  /** An end that a run of changes does not show is there if an earlier run has brought it. */
  async #seen({ entityType, fqn }: EdgeEnd): Promise<Seen | undefined> {
    const { scratch, state, lazy } = this.#context;
    const seen = scratch.seen(entityType, fqn);
    if (seen !== undefined || !lazy) return seen;
    const known = await state.getAsset(entityType, fqn);
    if (known?.deletedByUs) return known.undone === undefined ? undefined : 'undone';
    return known ? 'ok' : undefined;
  }

  async #run(record: LineageRecord, edge: Edge, known: EdgeState | undefined): Promise<void> {
    const { state, target, write, journal } = this.#context;
    let ends: { from: Endpoint; to: Endpoint } | undefined;
    try {
      const [from, to] = await Promise.all([this.#endpoint(edge.from), this.#endpoint(edge.to)]);
      ends = from && to && { from, to };
      const held = ends && (await this.#held(edge, ends, known !== undefined));
      const whole = await this.#withPipeline(edge.details);
      const details = ends ? target.fitEdge(ends.from, ends.to, whole) : whole;
      if (details.columnsLineage.length < whole.columnsLineage.length) {
        this.#context.skipped('lineage-columns-unsupported', unsupportedColumns, edge.name);
      }
      const merged = mergeEdge(details, held, {
        ...(known?.sourceHash !== undefined && !isTakenBack(known) && { hash: known.sourceHash }),
        pairs: known?.pairs ?? [],
      });
      if (write && ends) {
        if (merged.write) {
          const pairs = [...new Set([...(known?.pairs ?? []), ...merged.pairs])];
          const created = known?.created ?? held === undefined;
          const ours = { from: edge.from, to: edge.to, sourceId: record.provenance.id, created };
          const before: EdgeBefore = {
            from: edge.from,
            to: edge.to,
            ...(held && { details: held }),
            ...(known && { state: known }),
          };
          const after: EdgeAfter = { details: merged.write, sourceHash: edge.sourceHash };
          const entry = { entityType: 'lineage', fqn: edge.name, before, after } as const;
          // Before sending: which pairs may be ours. The hash that confirms follows the answer.
          await Promise.all([
            state.putEdge({ ...ours, pairs }),
            journal.note({ ...entry, action: held ? 'update' : 'create' }),
          ]);
          const left = await target.putEdge(ends.from, ends.to, merged.write);
          for (const column of left) this.#context.skipped('lineage-column-missing', missingColumn, column);
          await state.putEdge({ ...ours, sourceHash: edge.sourceHash, pairs: merged.pairs });
        } else {
          const { undone: _, ...rest } = known ?? { from: edge.from, to: edge.to, undone: undefined };
          await state.putEdge({
            ...rest,
            sourceId: record.provenance.id,
            sourceHash: edge.sourceHash,
            pairs: merged.pairs,
          });
        }
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
  async #held(edge: Edge, ends: { from: Endpoint; to: Endpoint }, known: boolean): Promise<EdgeDetails | undefined> {
    const { scratch, target, lazy } = this.#context;
    const isNew = !lazy && [edge.from, edge.to].some((end) => !scratch.target(end.entityType, end.fqn));
    return isNew && !known ? undefined : target.readEdge(ends.from, ends.to);
  }

  async #endpoint({ entityType, fqn }: EdgeEnd): Promise<Endpoint | undefined> {
    const { state, scratch, write } = this.#context;
    const listed = scratch.target(entityType, fqn)?.id;
    if (listed !== undefined) return { type: entityType, id: listed, fqn };
    const row = await state.getAsset(entityType, fqn);
    if (row?.targetId !== undefined) return { type: entityType, id: row.targetId, fqn };
    if (!write) return undefined;
    const found = await this.#ids.find(entityType, fqn);
    if (found === undefined) return undefined;
    if (row) await state.putAsset({ ...row, targetId: found });
    return { type: entityType, id: found, fqn };
  }

  /** The pipeline that an edge goes through, as a reference; left out where the target does not have it. */
  async #withPipeline({ pipeline, ...details }: EdgeDetails): Promise<EdgeDetails> {
    if (!pipeline) return details;
    const end = await this.#endpoint(pipeline as EdgeEnd);
    return end ? { ...details, pipeline: { id: end.id, type: 'pipeline' } } : details;
  }

  #details(record: LineageRecord, from: string, to: string): EdgeDetails {
    const pairs = new Map<string, EdgeDetails['columnsLineage'][number]>();
    const pipeline =
      record.pipeline && edgeEnd({ kind: 'pipeline', path: record.pipeline }, this.#context.desired.naming);
    for (const pair of record.columns) {
      const edgePair = this.#pair(pair, { kind: record.from.kind, fqn: from }, { kind: record.to.kind, fqn: to });
      pairs.set(pairKey(edgePair), edgePair);
    }
    return {
      ...(record.query && { sqlQuery: record.query }),
      ...(record.description && { description: record.description }),
      ...(pipeline && { pipeline }),
      ...(record.origin && { source: record.origin }),
      columnsLineage: [...pairs.values()],
    };
  }

  #pair(pair: ColumnPair, from: Named, to: Named): EdgeDetails['columnsLineage'][number] {
    const { naming } = this.#context.desired;
    const columnFqn = ({ kind, fqn }: Named, column: ColumnName): string => {
      const path = typeof column === 'string' ? [column] : column;
      return `${fqn}.${buildFqn(path.map((part) => partName(kind, part, naming).name))}`;
    };
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

/** An edge that we had drawn and an undo has taken away: that it is missing is no person's wish. */
export function isTakenBack({ undone, created, pairs, sourceHash }: EdgeState): boolean {
  return undone !== undefined && sourceHash !== undefined && !created && pairs.length === 0;
}

/** An end of an edge, for the names of its parts. */
interface Named {
  readonly kind: AssetKind;
  readonly fqn: string;
}

/** An asset of the source, by its name at the target. */
export function edgeEnd(asset: AssetRef, naming: TargetNaming): EdgeEnd {
  return { entityType: asset.kind, fqn: assetFqn(asset, naming) };
}
