import type { Endpoint } from '../workflow/target.ts';
import type { LineageDetails } from './entities.ts';
import type { OpenMetadataClient } from './openmetadata-client.ts';

/**
 * Reads one edge: by its own endpoint where the server has one (1.4 and later), else from the upstream edges of
 * what it ends at.
 *
 * @returns a function that answers undefined where there is no such edge
 */
export function readLineageEdge(
  client: OpenMetadataClient,
  signal: AbortSignal,
): (from: Endpoint, to: Endpoint) => Promise<LineageDetails | undefined> {
  if (client.capabilities.lineageEdgeRead) {
    return (from, to) => client.getLineageEdge(from.id, to.id, signal);
  }
  return async (from, to) => {
    const lineage = await client.getLineage(to.type, { id: to.id }, { upstream: 1, downstream: 0 }, signal);
    const edge = lineage?.upstreamEdges.find((other) => other.fromEntity === from.id && other.toEntity === to.id);
    return edge && (edge.lineageDetails ?? {});
  };
}
