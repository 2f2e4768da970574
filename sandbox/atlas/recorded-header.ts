import { stableGuid } from '../stable-guid.ts';
import {
  type ClassificationUse,
  type EntityStatus,
  endsOf,
  type Json,
  type RelatedEnd,
  type RelatedEnds,
  type StoredEntity,
} from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

/** Relationship guids that lineage answers told, by `fromGuid toGuid`. */
export type RelationIds = ReadonlyMap<string, string>;

/** Makes an entity of a recorded search header, for entities that were never recorded in full. */
export function entityOfHeader(types: TypeRegistry, header: Json, relations: RelationIds): StoredEntity {
  const typeName = String(header['typeName']);
  const guid = String(header['guid']);
  const recorded = header['attributes'] as Json;
  const attributes: Json = {};
  for (const name of types.attributes(typeName).keys()) {
    attributes[name] = recorded[name] ?? null;
  }
  const related: Record<string, RelatedEnds> = {};
  for (const def of types.relationshipAttributes(typeName)) {
    const references = recorded[def.name];
    const array = def.typeName.startsWith('array<');
    const ends = [references ?? []]
      .flat()
      .map((each) =>
        toEnd(each as Json, def.relationshipTypeName, relationId(relations, guid, each as Json, def.name)),
      );
    related[def.name] = array ? ends : (ends[0] ?? null);
    if (def.isLegacyAttribute) {
      attributes[def.name] = references ?? (array ? [] : null);
    }
  }
  return {
    typeName,
    attributes,
    guid,
    isIncomplete: header['isIncomplete'] === true,
    status: header['status'] as EntityStatus,
    createdBy: 'admin',
    updatedBy: 'admin',
    createTime: Number(recorded['__timestamp'] ?? 0),
    updateTime: Number(recorded['__modificationTimestamp'] ?? 0),
    version: 0,
    relationshipAttributes: { ...related, meanings: toMeanings(header) },
    classifications: (header['classifications'] ?? []) as ClassificationUse[],
    labels: (header['labels'] ?? []) as string[],
    headerAttributes: recorded,
  };
}

function relationId(relations: RelationIds, guid: string, other: Json, attribute: string): string {
  const flow = attribute === 'inputs' ? `${other['guid']} ${guid}` : `${guid} ${other['guid']}`;
  return relations.get(flow) ?? stableGuid(`${attribute} ${flow}`);
}

function toEnd(reference: Json, relationshipType: string, relationshipGuid: string): RelatedEnd {
  const unique = reference['uniqueAttributes'] as Json | undefined;
  const qualifiedName = String(unique?.['qualifiedName'] ?? '');
  return {
    guid: String(reference['guid']),
    typeName: String(reference['typeName']),
    entityStatus: 'ACTIVE',
    displayText: qualifiedName,
    relationshipType,
    relationshipGuid,
    relationshipStatus: 'ACTIVE',
    relationshipAttributes: { typeName: relationshipType },
    qualifiedName,
  };
}

function toMeanings(header: Json): RelatedEnd[] {
  return ((header['meanings'] ?? []) as Json[]).map((meaning) => ({
    guid: String(meaning['termGuid']),
    typeName: 'AtlasGlossaryTerm',
    entityStatus: 'ACTIVE',
    displayText: String(meaning['displayText']),
    relationshipType: 'AtlasGlossarySemanticAssignment',
    relationshipGuid: String(meaning['relationGuid']),
    relationshipStatus: 'ACTIVE',
    relationshipAttributes: { typeName: 'AtlasGlossarySemanticAssignment' },
    qualifiedName: String(meaning['qualifiedName']),
  }));
}

/**
 * Gives entities that were known only by their header the other ends of what points at them: a path that a process
 * reads must itself know that process, or lineage ends there.
 */
export function addReverseEnds(
  types: TypeRegistry,
  entities: ReadonlyMap<string, StoredEntity>,
  headerOnly: ReadonlySet<string>,
): void {
  for (const entity of entities.values()) {
    for (const [name, ends] of Object.entries(entity.relationshipAttributes)) {
      for (const end of endsOf(ends)) {
        const other = headerOnly.has(end.guid) ? entities.get(end.guid) : undefined;
        const def = types.relationship(end.relationshipType);
        if (other !== undefined && def !== undefined) {
          const reverse = def.endDef1.name === name ? def.endDef2.name : def.endDef1.name;
          addEnd(other, reverse, entity, end);
        }
      }
    }
  }
}

function addEnd(to: StoredEntity, attribute: string, from: StoredEntity, end: RelatedEnd): void {
  const present = to.relationshipAttributes[attribute];
  if (endsOf(present).some((each) => each.guid === from.guid)) {
    return;
  }
  const reverse: RelatedEnd = {
    ...end,
    guid: from.guid,
    typeName: from.typeName,
    entityStatus: from.status,
    displayText: String(from.attributes['name'] ?? ''),
    qualifiedName: String(from.attributes['qualifiedName']),
  };
  to.relationshipAttributes[attribute] = Array.isArray(present) ? [...present, reverse] : reverse;
}
