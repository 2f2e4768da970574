import type { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import type { GoneCandidate, Presence } from '../source.ts';
import { inOrder } from './in-order.ts';
import { edgeOf } from './lineage-records.ts';

async function isThere(client: OpenMetadataClient, { kind, id }: GoneCandidate, signal: AbortSignal): Promise<boolean> {
  if (kind !== 'lineage') {
    const entity = await client.getById(kind, id, { include: 'all' }, signal);
    return entity !== undefined && !entity.deleted;
  }
  const edge = edgeOf(id);
  if (!edge) return true;
  const lineage = await client.getLineage(edge.kind, { id: edge.to }, { upstream: 1, downstream: 0 }, signal);
  return lineage?.upstreamEdges.some((one) => one.fromEntity === edge.from && one.toEntity === edge.to) ?? false;
}

/**
 * Asks the server for things that a run did not see, by their ids: what is soft-deleted or not there at all is gone, and
 * an answer that is refused or fails says nothing.
 *
 * @returns the outcome of each, in their order
 */
export async function confirmGone(
  client: OpenMetadataClient,
  candidates: readonly GoneCandidate[],
  atOnce: number,
  signal: AbortSignal,
): Promise<readonly Presence[]> {
  const outcomes: Presence[] = [];
  const answers = inOrder(candidates, atOnce, async (candidate): Promise<Presence> => {
    try {
      return (await isThere(client, candidate, signal)) ? 'there' : 'gone';
    } catch {
      signal.throwIfAborted();
      return 'unknown';
    }
  });
  for await (const outcome of answers) outcomes.push(outcome);
  return outcomes;
}
