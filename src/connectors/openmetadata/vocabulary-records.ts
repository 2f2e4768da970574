import type { TagRecord } from '../../model/records.ts';
import type { Entity } from '../../openmetadata/entities.ts';
import type { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { namesOf } from './name-paths.ts';

const pageSize = 500;

const isSystem = (entity: Entity): boolean => entity['provider'] === 'system';

function tagRecord(entity: Entity): TagRecord {
  const { fullyQualifiedName, name, displayName, description = '' } = entity;
  const path = namesOf(fullyQualifiedName ?? name);
  return {
    kind: 'tag',
    vocabulary: 'ownClassification',
    path,
    ...(displayName && displayName !== path.at(-1) && { displayName }),
    description,
    ...(entity['mutuallyExclusive'] === true && { mutuallyExclusive: true }),
  };
}

/**
 * Classifications, each followed by its tags, the outer before the inner. Of those that every server has by itself only
 * tags are told that somebody made or that are in use.
 */
export async function* tagRecords(client: OpenMetadataClient, signal: AbortSignal): AsyncGenerator<TagRecord> {
  const fields = ['usageCount'];
  for await (const classification of client.list('classification', { limit: pageSize }, signal)) {
    const filters = { parent: classification.fullyQualifiedName ?? classification.name };
    const tags: TagRecord[] = [];
    for await (const tag of client.list('tag', { filters, fields, limit: pageSize }, signal)) {
      if (!isSystem(tag) || Number(tag['usageCount'] ?? 0) > 0) tags.push(tagRecord(tag));
    }
    if (isSystem(classification) && tags.length === 0) continue;
    yield tagRecord(classification);
    yield* tags.sort((a, b) => a.path.length - b.path.length);
  }
}
