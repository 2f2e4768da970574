import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  AssetDetails,
  CatalogueKind,
  CatalogueList,
  CataloguePipeline,
  CatalogueSearch,
  LineageGraph,
} from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import type { ColumnProfiles, TableProfiles } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { request } from '../api/request.ts';

/** An entity of a pipeline's catalogue. */
export interface AssetName {
  readonly kind: CatalogueKind;
  readonly fqn: string;
}

/** Runs change a catalogue seldom; who comes back to a page sees it at once, and fresh after this time (milliseconds). */
const staleTime = 30_000;

function pathOf(pipelineId: string, what: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams(given).toString();
  return `/console/catalogue/${encodeURIComponent(pipelineId)}/${what}${text && `?${text}`}`;
}

export const cataloguePipelinesQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: ({ signal }) => request<readonly CataloguePipeline[]>('/console/catalogue', { signal }),
});

/** What stands below an entity, or the roots, page by page. */
export function treeQuery(pipelineId: string, parent: AssetName | undefined) {
  return infiniteQueryOptions({
    queryKey: ['catalogue', pipelineId, 'tree', parent?.kind, parent?.fqn],
    staleTime,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      request<CatalogueList>(pathOf(pipelineId, 'tree', { kind: parent?.kind, fqn: parent?.fqn, after: pageParam }), {
        signal,
      }),
    getNextPageParam: ({ after }) => after,
  });
}

export function searchQuery(pipelineId: string, q: string) {
  return queryOptions({
    queryKey: ['catalogue', pipelineId, 'search', q],
    staleTime,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => request<CatalogueSearch>(pathOf(pipelineId, 'search', { q }), { signal }),
  });
}

export function assetQuery(pipelineId: string, { kind, fqn }: AssetName) {
  return queryOptions({
    queryKey: ['catalogue', pipelineId, 'asset', kind, fqn],
    staleTime,
    queryFn: ({ signal }) => request<AssetDetails>(pathOf(pipelineId, 'asset', { kind, fqn }), { signal }),
  });
}

/** @param reach steps each way, 0 to 3 */
export function lineageQuery(
  pipelineId: string,
  { kind, fqn }: AssetName,
  reach: { readonly upstream: number; readonly downstream: number },
) {
  const query = { kind, fqn, upstream: String(reach.upstream), downstream: String(reach.downstream) };
  return queryOptions({
    queryKey: ['catalogue', pipelineId, 'lineage', query],
    staleTime,
    queryFn: ({ signal }) => request<LineageGraph>(pathOf(pipelineId, 'lineage', query), { signal }),
  });
}

/** The time before now that is looked at: days, or all that there is. */
export type ProfileSpanName = '7' | '30' | '90' | '365' | 'all';

const dayMs = 86_400_000;

/** Till tomorrow: the clock of who took the profiles may be ahead. */
function spanQuery(span: ProfileSpanName): { readonly from: string; readonly to: string } {
  const now = Date.now();
  return { from: String(span === 'all' ? 0 : now - Number(span) * dayMs), to: String(now + dayMs) };
}

/** @param fqn of a table */
export function profileQuery(pipelineId: string, fqn: string, span: ProfileSpanName) {
  return queryOptions({
    queryKey: ['catalogue', pipelineId, 'profile', fqn, span],
    staleTime,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      request<TableProfiles>(pathOf(pipelineId, 'profile', { fqn, ...spanQuery(span) }), { signal }),
  });
}

/** @param fqn of a column */
export function columnProfileQuery(pipelineId: string, fqn: string, span: ProfileSpanName) {
  return queryOptions({
    queryKey: ['catalogue', pipelineId, 'column-profile', fqn, span],
    staleTime,
    queryFn: ({ signal }) =>
      request<ColumnProfiles>(pathOf(pipelineId, 'column-profile', { fqn, ...spanQuery(span) }), { signal }),
  });
}
