import type { ChangeNotice } from '../../change-feed.ts';
import { isMap } from './message-assembler.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The changes that one message of `ATLAS_ENTITIES` tells: one for an entity, two for a relationship (its ends).
 * Versions: Atlas 1.0 and later writes ENTITY_NOTIFICATION_V2; the form before it (V1, with an `id` of its own in the
 * entity) is read too. An operation that Atlas will only get in years to come is a change like any other.
 *
 * @returns undefined when the message names no entity
 */
export function parseNotification(content: unknown): readonly ChangeNotice[] | undefined {
  if (!isMap(content)) return undefined;
  // Without an envelope it is a message of a very old server.
  const message = isMap(content['message']) ? content['message'] : content;
  const { operationType: operation, entity, relationship, eventTime } = message;
  if (typeof operation !== 'string') return undefined;
  const more = { operation, ...(typeof eventTime === 'number' && { eventTime }) };
  if (isMap(entity)) {
    const notice = ofEntity(entity, more);
    return notice && [notice];
  }
  if (!isMap(relationship)) return undefined;
  const ends = [relationship['end1'], relationship['end2']].flatMap((end) => (isMap(end) ? [ofEntity(end, more)] : []));
  const known = ends.filter((end) => end !== undefined);
  return known.length === 0 ? undefined : known;
}

function ofEntity(entity: Json, more: Pick<ChangeNotice, 'operation' | 'eventTime'>): ChangeNotice | undefined {
  const id = isMap(entity['id']) ? entity['id'] : {};
  const guid = entity['guid'] ?? id['id'];
  const typeName = entity['typeName'] ?? id['typeName'];
  // Ids below zero stand for entities that were never stored.
  if (typeof guid !== 'string' || guid === '' || guid.startsWith('-') || typeof typeName !== 'string') return undefined;
  const attributes = firstMap(entity['attributes'], entity['uniqueAttributes'], entity['values']);
  const qualifiedName = attributes['qualifiedName'];
  return { guid, typeName, ...more, ...(typeof qualifiedName === 'string' && { qualifiedName }) };
}

function firstMap(...values: readonly unknown[]): Json {
  return values.find(isMap) ?? {};
}
