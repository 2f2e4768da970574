import type { AssetName } from './catalogue-queries.ts';

export type AssetTab = 'parts' | 'profile' | 'lineage' | 'definition' | 'origins';

export function cataloguePath(pipelineId: string): string {
  return `/catalogue/${encodeURIComponent(pipelineId)}`;
}

/** The address of an asset's page. Names hold anything, slashes too: they stand in the query. */
export function assetPath(pipelineId: string, { kind, fqn }: AssetName, tab?: AssetTab): string {
  const query = new URLSearchParams({ kind, fqn, ...(tab && { tab }) });
  return `${cataloguePath(pipelineId)}/asset?${query}`;
}
