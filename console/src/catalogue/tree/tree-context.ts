import { createContext, useContext } from 'react';
import type { AssetName } from '../catalogue-queries.ts';

/** What every line of the tree needs of the whole. */
export interface TreeControl {
  readonly pipelineId: string;
  /** Keys of open lines. */
  readonly open: ReadonlySet<string>;
  /** Key of the line that Tab leads to; the first one unless set. */
  readonly focused: string | undefined;
  readonly selected: string | undefined;
  readonly toggle: (node: AssetName, shall?: boolean) => void;
  readonly focus: (key: string) => void;
  readonly show: (node: AssetName) => void;
}

export const TreeContext = createContext<TreeControl | undefined>(undefined);

export function useTree(): TreeControl {
  const control = useContext(TreeContext);
  if (!control) throw new Error('A line of the tree stands outside of a tree.');
  return control;
}

export function treeKey({ kind, fqn }: AssetName): string {
  return `${kind} ${fqn}`;
}
