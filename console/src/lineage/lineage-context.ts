import { createContext, useContext } from 'react';
import type { ColumnKey } from './column-trace.ts';
import type { Fan, Side } from './lineage-graph.ts';

/** What boxes of the picture can do. */
export interface LineageActions {
  readonly root: string;
  readonly chosen: string | undefined;
  readonly traced: ReadonlySet<ColumnKey> | undefined;
  /** Side (`ID up`) that is being read. */
  readonly busy: string | undefined;
  readonly choose: (id: string) => void;
  readonly turn: (id: string, side: Side, how: 'expand' | 'collapse') => void;
  readonly widen: (fan: Fan) => void;
  readonly trace: (column: ColumnKey) => void;
  readonly openColumns: (id: string) => void;
}

export const LineageContext = createContext<LineageActions | undefined>(undefined);

export function useLineageActions(): LineageActions {
  const actions = useContext(LineageContext);
  if (!actions) throw new Error('A box stands outside of a lineage picture.');
  return actions;
}
