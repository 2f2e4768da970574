import type { Api } from './api.ts';
import type { Capabilities } from './capabilities.ts';
import type { EntityType } from './collections.ts';
import type { EntityLineage, EntityReference, LineageDetails, TargetLineage } from './entities.ts';
import { lineageBody } from './lineage-body.ts';

export interface LineageDepth {
  /** 0 to 3. */
  readonly upstream: number;
  /** 0 to 3. */
  readonly downstream: number;
}

type By = { readonly id: string } | { readonly fqn: string };

/** Replaces the whole edge: details that are left out are gone. */
export async function putLineage(
  api: Api,
  capabilities: Capabilities,
  edge: TargetLineage,
  signal: AbortSignal,
): Promise<void> {
  await api.put('/lineage', lineageBody(edge, capabilities), signal);
}

/** What surrounds an entity; undefined when there is no such entity. */
export async function getLineage(
  api: Api,
  type: EntityType,
  by: By,
  depth: LineageDepth,
  signal: AbortSignal,
): Promise<EntityLineage | undefined> {
  const which = 'id' in by ? by.id : `name/${encodeURIComponent(by.fqn)}`;
  const query = { upstreamDepth: depth.upstream, downstreamDepth: depth.downstream };
  const read = await api.find<Partial<EntityLineage>>(`/lineage/${type}/${which}`, query, signal);
  if (!read?.entity) return undefined;
  const { entity, nodes = [], upstreamEdges = [], downstreamEdges = [] } = read;
  return { entity, nodes, upstreamEdges, downstreamEdges };
}

/** The details of one edge between tables or others, by their ids; undefined when there is no such edge. From 1.4 on. */
export async function getLineageEdge(
  api: Api,
  fromId: string,
  toId: string,
  signal: AbortSignal,
): Promise<LineageDetails | undefined> {
  const read = await api.find<{ edge?: LineageDetails & { lineageDetails?: LineageDetails } }>(
    `/lineage/getLineageEdge/${fromId}/${toId}`,
    {},
    signal,
  );
  if (!read) return undefined;
  // Versions differ in whether the details stand in the edge or are it.
  return read.edge?.lineageDetails ?? read.edge ?? {};
}

/** @returns false when there was no such edge */
export async function deleteLineage(
  api: Api,
  from: EntityReference,
  to: EntityReference,
  signal: AbortSignal,
): Promise<boolean> {
  return (await api.delete(`/lineage/${from.type}/${from.id}/${to.type}/${to.id}`, {}, signal)) !== undefined;
}
