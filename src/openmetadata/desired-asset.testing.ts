import { buildFqn, splitFqn } from '../model/fqn.ts';
import type { AssetType, DesiredAsset, DesiredColumn } from '../reconcile/target-asset.ts';

type LooseColumn = Omit<DesiredColumn, 'tags'> & Partial<Pick<DesiredColumn, 'tags'>>;

export type Loose = Partial<Omit<DesiredAsset, 'columns'>> & { readonly columns?: readonly LooseColumn[] };

/** A desired asset with what a test says about it, and nothing else. */
export function desiredAsset(entityType: AssetType, parentFqn: string, name: string, more: Loose = {}): DesiredAsset {
  const { columns, ...rest } = more;
  return {
    entityType,
    parentFqn,
    name,
    fqn: name.includes('::') ? name : buildFqn([...(parentFqn === '' ? [] : splitFqn(parentFqn)), name]),
    tags: [],
    extension: {},
    structureComplete: true,
    ...rest,
    ...(columns && { columns: columns.map((column) => ({ tags: [], ...column })) }),
  };
}
