import type { AtlasEntity } from '../atlas-types.ts';

/**
 * An entity that was read in full, as a search would show it: with the attributes asked for, system attributes and those
 * of business metadata (`group.attribute`) included.
 */
export function searchRow(entity: AtlasEntity, attributes: readonly string[]): AtlasEntity {
  const row: Record<string, unknown> = {};
  for (const name of ['name', 'qualifiedName', 'description', 'owner', 'createTime', ...attributes]) {
    const value = attributeOf(entity, name);
    if (value !== undefined && value !== null) row[name] = value;
  }
  return { ...entity, attributes: row };
}

function attributeOf(entity: AtlasEntity, name: string): unknown {
  const full = entity as AtlasEntity & Readonly<Record<string, unknown>>;
  switch (name) {
    case '__modificationTimestamp':
      return entity.updateTime;
    case '__timestamp':
      return full['createTime'];
    case '__state':
      return entity.status;
    case '__labels':
      return Array.isArray(full['labels']) && full['labels'].length > 0 ? `|${full['labels'].join('|')}|` : undefined;
    case '__customAttributes':
      return isMap(full['customAttributes']) ? JSON.stringify(full['customAttributes']) : undefined;
  }
  // The relationship tells which ends are deleted; the attribute of the same name does not.
  const value = entity.relationshipAttributes?.[name] ?? entity.attributes[name];
  if (value !== undefined) return value;
  const dot = name.indexOf('.');
  const group =
    dot < 0 ? undefined : (full['businessAttributes'] as Record<string, unknown> | undefined)?.[name.slice(0, dot)];
  return isMap(group) ? group[name.slice(dot + 1)] : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
