import { AuthenticationError } from '../../errors.ts';
import type { GoneCandidate, Presence } from '../source.ts';
import { bulkSize } from './atlas-client.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasEntity } from './atlas-types.ts';
import { objectIds } from './map-entity.ts';

/**
 * Asks Atlas for things that a run did not see, by their guids: an entity that is DELETED or not there at all (404) is
 * gone, a live one is there, and an answer that is refused or fails says nothing.
 *
 * @returns the outcome of each, in their order
 */
export async function confirmGone(
  reader: AtlasReader,
  candidates: readonly GoneCandidate[],
  signal: AbortSignal,
): Promise<readonly Presence[]> {
  if (!reader.holdsAll) return candidates.map(() => 'unknown');
  const outcomes: Presence[] = [];
  for (let i = 0; i < candidates.length; i += bulkSize) {
    outcomes.push(...(await confirmBatch(reader, candidates.slice(i, i + bulkSize), signal)));
  }
  return outcomes;
}

async function confirmBatch(
  reader: AtlasReader,
  candidates: readonly GoneCandidate[],
  signal: AbortSignal,
): Promise<Presence[]> {
  try {
    const guids = [...new Set(candidates.map(({ id }) => id))];
    const { entities = [] } = (await reader.bulk(guids, signal)) ?? {};
    const found = new Map(entities.map((entity) => [entity.guid, entity]));
    return candidates.map((candidate) => presenceOf(candidate, found.get(candidate.id)));
  } catch (error) {
    signal.throwIfAborted();
    // One that this user may not see must not hide what is known of the others.
    if (candidates.length === 1 || !(error instanceof AuthenticationError)) return candidates.map(() => 'unknown');
    const middle = Math.ceil(candidates.length / 2);
    const first = await confirmBatch(reader, candidates.slice(0, middle), signal);
    return [...first, ...(await confirmBatch(reader, candidates.slice(middle), signal))];
  }
}

function presenceOf({ kind, ends }: GoneCandidate, entity: AtlasEntity | undefined): Presence {
  if (!entity || entity.status === 'DELETED') return 'gone';
  if (kind !== 'lineage') return 'there';
  // A live process has lost an edge when it no longer names both of its ends.
  const names = (attribute: string, guid: string | undefined): boolean =>
    objectIds(entity.relationshipAttributes?.[attribute] ?? entity.attributes[attribute]).some(
      (end) => end.guid === guid && (end.relationshipStatus ?? 'ACTIVE') === 'ACTIVE',
    );
  return names('inputs', ends?.from) && names('outputs', ends?.to) ? 'there' : 'gone';
}
