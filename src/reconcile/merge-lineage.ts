import { canonicalHash } from '../model/canonical-hash.ts';

/** Column lineage at the target, in its names: FQNs of columns. */
export interface EdgePair {
  readonly fromColumns: readonly string[];
  readonly toColumn: string;
  readonly function?: string;
}

export interface EdgeDetails {
  readonly sqlQuery?: string;
  readonly description?: string;
  readonly columnsLineage: readonly EdgePair[];
  /** Reference to the pipeline that an edge goes through, kept as the target has it. */
  readonly pipeline?: unknown;
  /** How the edge came about (server 1.2 and later), kept as the target has it where it says. */
  readonly source?: string;
}

export interface EdgeBase {
  /** Hash of the details that we sent last, confirmed. */
  readonly hash?: string;
  /** Hashes of the column pairs that we put there (confirmed or about to be). */
  readonly pairs: readonly string[];
}

export interface EdgeMerge {
  readonly action: 'create' | 'update' | 'unchanged' | 'kept';
  readonly write?: EdgeDetails;
  readonly pairs: readonly string[];
  readonly reason: string;
}

/** Identity of a pair: its ends, whatever the function's text. */
export function pairKey(pair: EdgePair): string {
  return canonicalHash([[...pair.fromColumns].sort(), pair.toColumn]).slice(0, 16);
}

export function edgeHash(details: EdgeDetails): string {
  return canonicalHash({ ...details, columnsLineage: [...details.columnsLineage].sort(byKey) });
}

function byKey(a: EdgePair, b: EdgePair): number {
  return pairKey(a) < pairKey(b) ? -1 : 1;
}

/**
 * Merges one edge. A PUT replaces an edge whole, so pairs that others put there are written again, ours follow the
 * source, and a query or description is only replaced where the target has none or the source has changed it.
 *
 * @param target the edge as the target holds it; undefined when it has none
 */
export function mergeEdge(desired: EdgeDetails, target: EdgeDetails | undefined, base: EdgeBase): EdgeMerge {
  const wantedKeys = desired.columnsLineage.map(pairKey);
  if (!target) {
    if (base.hash !== undefined) {
      return { action: 'kept', pairs: base.pairs, reason: 'a person removed the edge in OpenMetadata' };
    }
    return { action: 'create', write: desired, pairs: wantedKeys, reason: 'at the source' };
  }
  const ours = new Set(base.pairs);
  const wanted = new Set(wantedKeys);
  const others = target.columnsLineage.filter((pair) => !ours.has(pairKey(pair)) && !wanted.has(pairKey(pair)));
  const merged: EdgeDetails = {
    ...target,
    ...(desired.sqlQuery !== undefined && { sqlQuery: desired.sqlQuery }),
    ...(desired.description !== undefined && !target.description && { description: desired.description }),
    ...(desired.pipeline !== undefined && !target.pipeline && { pipeline: desired.pipeline }),
    ...(desired.source !== undefined && !target.source && { source: desired.source }),
    columnsLineage: [...desired.columnsLineage, ...others],
  };
  if (edgeHash(merged) === edgeHash({ ...target, columnsLineage: target.columnsLineage ?? [] })) {
    return { action: 'unchanged', pairs: wantedKeys, reason: 'in step' };
  }
  return { action: 'update', write: merged, pairs: wantedKeys, reason: 'changed at the source' };
}
