import { toHeader } from './entity-header.ts';
import type { AtlasEntityStore } from './entity-store.ts';
import { endsOf, type Json, type RelatedEnd, type StoredEntity } from './stored-entity.ts';

export type LineageDirection = 'INPUT' | 'OUTPUT' | 'BOTH';

interface Relation {
  readonly fromEntityId: string;
  readonly toEntityId: string;
  readonly relationshipId: string;
}

/** The answer of `lineage/{guid}`: `depth` counts data sets, the processes between them are free. */
export function lineageOf(
  store: AtlasEntityStore,
  base: StoredEntity,
  direction: LineageDirection,
  depth: number,
): Json {
  const relations = new Map<string, Relation>();
  if (direction !== 'OUTPUT') {
    walk(store, base, depth, relations, 'outputFromProcesses', 'inputs');
  }
  if (direction !== 'INPUT') {
    walk(store, base, depth, relations, 'inputToProcesses', 'outputs');
  }
  const guids = new Set([...relations.values()].flatMap((each) => [each.fromEntityId, each.toEntityId]));
  const headers = [...guids].flatMap((guid) => {
    const entity = store.get(guid);
    return entity === undefined ? [] : [[guid, toHeader(store.types, entity)] as const];
  });
  return {
    baseEntityGuid: base.guid,
    lineageDirection: direction,
    lineageDepth: depth,
    guidEntityMap: Object.fromEntries(headers),
    relations: [...relations.values()],
    relationsOnDemand: {},
  };
}

function walk(
  store: AtlasEntityStore,
  base: StoredEntity,
  depth: number,
  relations: Map<string, Relation>,
  toProcesses: 'outputFromProcesses' | 'inputToProcesses',
  toDataSets: 'inputs' | 'outputs',
): void {
  const upstream = toDataSets === 'inputs';
  const add = (from: string, to: string, end: RelatedEnd): void => {
    const [fromEntityId, toEntityId] = upstream ? [to, from] : [from, to];
    relations.set(end.relationshipGuid, { fromEntityId, toEntityId, relationshipId: end.relationshipGuid });
  };
  const seen = new Set([base.guid]);
  let level = [base];
  const isProcess = store.types.withSuperTypes(base.typeName).has('Process');
  for (let step = isProcess ? 1 : 0; step < depth * 2 && level.length > 0; step += 1) {
    const attribute = step % 2 === 0 ? toProcesses : toDataSets;
    const next: StoredEntity[] = [];
    for (const entity of level) {
      for (const end of endsOf(entity.relationshipAttributes[attribute])) {
        if (end.relationshipStatus === 'ACTIVE') {
          add(entity.guid, end.guid, end);
          const other = seen.has(end.guid) ? undefined : store.get(end.guid);
          seen.add(end.guid);
          next.push(...(other === undefined ? [] : [other]));
        }
      }
    }
    level = next;
  }
}
