import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { CatalogueKind, LineageGraph } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import { lineageQuery } from '../catalogue/catalogue-queries.ts';
import {
  type Fan,
  folded,
  type Lineage,
  type Side,
  sideKey,
  startLineage,
  unfolded,
  withSide,
  withWiderFan,
} from './lineage-graph.ts';

export interface LineageControl {
  readonly state: Lineage;
  /** Side (`ID up`) that is being read. */
  readonly busy: string | undefined;
  readonly error: unknown;
  readonly turn: (id: string, side: Side, how: 'expand' | 'collapse') => Promise<void>;
  readonly widen: (fan: Fan) => void;
}

/** A lineage that grows by clicks. */
export function useLineage(pipelineId: string, start: LineageGraph): LineageControl {
  const client = useQueryClient();
  const [state, setState] = useState(() => startLineage(start));
  const [busy, setBusy] = useState<string>();
  const [error, setError] = useState<unknown>();

  const turn = async (id: string, side: Side, how: 'expand' | 'collapse'): Promise<void> => {
    const key = sideKey(id, side);
    if (how === 'collapse') return setState((now) => folded(now, key));
    const node = state.nodes.get(id);
    const isRead = node && !(side === 'up' ? node.moreUpstream : node.moreDownstream);
    if (!node || isRead) return setState((now) => unfolded(now, key));
    setBusy(key);
    setError(undefined);
    try {
      const reach = side === 'up' ? { upstream: 1, downstream: 0 } : { upstream: 0, downstream: 1 };
      const name = { kind: node.kind as CatalogueKind, fqn: node.fqn };
      const graph = await client.fetchQuery(lineageQuery(pipelineId, name, reach));
      setState((now) => withSide(now, graph, side));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(undefined);
    }
  };
  const widen = useCallback((fan: Fan) => setState((now) => withWiderFan(now, fan)), []);
  return { state, busy, error, turn, widen };
}
