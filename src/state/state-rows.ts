import type { AssetKind } from '../model/records.ts';
import type { AssetState, EdgeState, JournalEntry } from './state-store.ts';

/** Columns of an asset in a database: what is looked for or worth a look, and the rest as JSON. */
export interface AssetRow {
  readonly entity_type: string;
  readonly fqn: string;
  readonly source_id: string;
  readonly target_id: string | null;
  readonly target_version: number | null;
  readonly source_hash: string | null;
  readonly data: string;
}

export interface EdgeRow {
  readonly from_type: string;
  readonly from_fqn: string;
  readonly to_type: string;
  readonly to_fqn: string;
  readonly source_hash: string | null;
  readonly data: string;
}

export interface JournalRow {
  readonly run_id: string;
  readonly sequence: number;
  readonly data: string;
}

export function toAssetRow(state: AssetState): AssetRow {
  const { entityType, fqn, sourceId, targetId, targetVersion, sourceHash, ...rest } = state;
  return {
    entity_type: entityType,
    fqn,
    source_id: sourceId,
    target_id: targetId ?? null,
    target_version: targetVersion ?? null,
    source_hash: sourceHash ?? null,
    data: JSON.stringify(rest),
  };
}

export function fromAssetRow(row: AssetRow): AssetState {
  return {
    entityType: row.entity_type as AssetState['entityType'],
    fqn: row.fqn,
    sourceId: row.source_id,
    ...(row.target_id !== null && { targetId: row.target_id }),
    ...(row.target_version !== null && { targetVersion: row.target_version }),
    ...(row.source_hash !== null && { sourceHash: row.source_hash }),
    ...(JSON.parse(row.data) as object),
  };
}

export function toEdgeRow(state: EdgeState): EdgeRow {
  const { from, to, sourceHash, ...rest } = state;
  return {
    from_type: from.entityType,
    from_fqn: from.fqn,
    to_type: to.entityType,
    to_fqn: to.fqn,
    source_hash: sourceHash ?? null,
    data: JSON.stringify(rest),
  };
}

export function fromEdgeRow(row: EdgeRow): EdgeState {
  return {
    from: { entityType: row.from_type as AssetKind, fqn: row.from_fqn },
    to: { entityType: row.to_type as AssetKind, fqn: row.to_fqn },
    ...(row.source_hash !== null && { sourceHash: row.source_hash }),
    ...(JSON.parse(row.data) as Pick<EdgeState, 'pairs'>),
  };
}

export function toJournalRow(entry: JournalEntry): JournalRow {
  const { runId, sequence, ...rest } = entry;
  return { run_id: runId, sequence, data: JSON.stringify(rest) };
}

export function fromJournalRow(row: JournalRow): JournalEntry {
  const rest = JSON.parse(row.data) as Omit<JournalEntry, 'runId' | 'sequence'>;
  return { runId: row.run_id, sequence: row.sequence, ...rest };
}
