import { bulkSize } from './atlas-client.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasEntity, ObjectId } from './atlas-types.ts';
import { nameOf, objectIds } from './map-entity.ts';

/**
 * The names of everything live that some entities refer to as a list (columns, partition keys, column families …), by
 * guid, read in full. Entities that could not be read are left out.
 */
export async function liveParts(
  reader: AtlasReader,
  guids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const parts = new Map<string, readonly string[]>();
  for (let i = 0; i < guids.length; i += bulkSize) {
    try {
      const { entities = [], referredEntities = {} } = await reader.bulk(guids.slice(i, i + bulkSize), signal);
      for (const entity of entities) parts.set(entity.guid, namesWithin(entity, referredEntities));
    } catch {
      signal.throwIfAborted();
    }
  }
  return parts;
}

const isLive = ({ entityStatus, relationshipStatus }: ObjectId): boolean =>
  (entityStatus ?? 'ACTIVE') === 'ACTIVE' && (relationshipStatus ?? 'ACTIVE') === 'ACTIVE';

/** Lists of columns: where Atlas counts those as related and not as owned, the list itself tells their names. */
const columnLists = ['columns', 'fields', 'column_families'];

function namesWithin(entity: AtlasEntity, referred: Readonly<Record<string, AtlasEntity>>): string[] {
  const lists = { ...entity.attributes, ...entity.relationshipAttributes };
  return Object.entries(lists).flatMap(([attribute, list]) =>
    objectIds(list)
      .filter(isLive)
      .flatMap((end) => {
        const part = referred[end.guid];
        if (!part) return columnLists.includes(attribute) && end.displayText ? [end.displayText] : [];
        return part.status === 'DELETED' ? [] : [nameOf(part), ...qualifiersOf(part)];
      }),
  );
}

/** HBase: what is known of a column family is a column, too. */
function qualifiersOf(family: AtlasEntity): string[] {
  const columns = objectIds(family.relationshipAttributes?.['columns']).filter(isLive);
  return columns.flatMap(({ displayText }) => (displayText ? [`${nameOf(family)}:${displayText}`] : []));
}
