import type { AtlasEntity, ObjectId } from '../atlas/atlas-types.ts';
import { type ExportedEntity, endsOf, isMap } from './exported-entity.ts';

/** Attributes that a search's header has without being asked. */
const always = ['qualifiedName', 'name', 'description', 'owner', 'createTime'];

/** An entity as a search shows it, with the attributes asked for: the mapping cannot tell it from a server's answer. */
export function toHeader(entity: ExportedEntity, attributes: readonly string[]): AtlasEntity & Meanings {
  const found = new Map<string, unknown>();
  for (const name of new Set([...always, ...attributes])) {
    const value = attributeValue(entity, name);
    if (value !== undefined && value !== null) found.set(name, value);
  }
  return {
    guid: entity.guid,
    typeName: entity.typeName,
    ...(entity.status !== undefined && { status: entity.status }),
    ...(entity.isIncomplete !== undefined && { isIncomplete: entity.isIncomplete }),
    attributes: Object.fromEntries(found),
    classifications: entity.classifications ?? [],
    classificationNames: (entity.classifications ?? []).map(({ typeName }) => typeName),
    labels: entity.labels ?? [],
    meanings: endsOf(entity, 'meanings').map(({ guid, displayText, qualifiedName, relationshipAttributes }) => ({
      termGuid: guid,
      ...(displayText !== undefined && { displayText }),
      ...(qualifiedName !== undefined && { qualifiedName }),
      ...statusOf(relationshipAttributes?.attributes),
    })),
  };
}

function statusOf(attributes: Readonly<Record<string, unknown>> = {}): { readonly status?: string } {
  return typeof attributes['status'] === 'string' ? { status: attributes['status'] } : {};
}

interface Meanings {
  readonly labels: readonly string[];
  readonly meanings: readonly {
    readonly termGuid: string;
    readonly displayText?: string;
    readonly qualifiedName?: string;
    readonly status?: string;
  }[];
}

function attributeValue(entity: ExportedEntity, name: string): unknown {
  if (name.startsWith('__')) return systemValue(entity, name);
  const own = entity.attributes[name];
  if (own !== undefined && own !== null) return withNames(own, entity, name);
  const ends = endsOf(entity, name);
  if (ends.length > 0) {
    const ids = ends.map(reference);
    return Array.isArray(entity.relationshipAttributes?.[name]) ? ids : ids[0];
  }
  // Business metadata is asked for as `group.attribute`.
  const dot = name.indexOf('.');
  return dot < 0 ? undefined : entity.businessAttributes?.[name.slice(0, dot)]?.[name.slice(dot + 1)];
}

/** References in an attribute, with the names that the relationship of the same name has for them. */
function withNames(value: unknown, entity: ExportedEntity, name: string): unknown {
  const isReference = (item: unknown): item is ObjectId => isMap(item) && typeof item['guid'] === 'string';
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0 || !items.every(isReference)) return value;
  const ends = new Map(endsOf(entity, name).map((end) => [end.guid, end]));
  const named = items.map((item) => {
    const end = ends.get(item.guid);
    return end ? { ...reference(end), ...item } : item;
  });
  return Array.isArray(value) ? named : named[0];
}

function reference({ guid, typeName, qualifiedName, displayText }: ReturnType<typeof endsOf>[number]): ObjectId {
  return {
    guid,
    ...(typeName !== undefined && { typeName }),
    ...(qualifiedName !== undefined && { uniqueAttributes: { qualifiedName } }),
    ...(displayText !== undefined && { displayText }),
  };
}

/** A system attribute in a search's own form. */
function systemValue(entity: ExportedEntity, name: string): unknown {
  switch (name) {
    case '__guid':
      return entity.guid;
    case '__typeName':
      return entity.typeName;
    case '__state':
      return entity.status;
    case '__timestamp':
      return entity.createTime;
    case '__modificationTimestamp':
      return entity.updateTime;
    case '__createdBy':
      return entity.createdBy;
    case '__modifiedBy':
      return entity.updatedBy;
    case '__isIncomplete':
      return entity.isIncomplete;
    case '__labels':
      return entity.labels?.length ? `|${entity.labels.join('|')}|` : undefined;
    case '__customAttributes':
      return entity.customAttributes && JSON.stringify(entity.customAttributes);
    default:
      return undefined;
  }
}
