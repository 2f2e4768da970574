import type { Api } from './api.ts';
import type { EntityType } from './collections.ts';

interface TypeEntity {
  readonly id: string;
  readonly customProperties?: readonly { readonly name: string }[];
}

function readType(api: Api, type: EntityType, signal: AbortSignal): Promise<TypeEntity | undefined> {
  return api.find<TypeEntity>(`/metadata/types/name/${type}`, { fields: 'customProperties' }, signal);
}

function has(type: TypeEntity | undefined, name: string): boolean {
  return type?.customProperties?.some((property) => property.name === name) ?? false;
}

/** True when a kind of entity has this custom property. */
export async function hasCustomProperty(
  api: Api,
  type: EntityType,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  return has(await readType(api, type, signal), name);
}

/**
 * Makes sure that a kind of entity has a custom property; one that is there is left as it is.
 * @param name letters, digits and `_` only
 * @returns false when this server has no custom properties for this kind of entity
 */
export async function ensureCustomProperty(
  api: Api,
  type: EntityType,
  property: { readonly name: string; readonly description: string; readonly fieldType: 'string' | 'markdown' },
  signal: AbortSignal,
): Promise<boolean> {
  const entityType = await readType(api, type, signal);
  if (!entityType) return false;
  const { name, description, fieldType } = property;
  if (has(entityType, name)) return true;
  const field = await api.find<TypeEntity>(`/metadata/types/name/${fieldType}`, {}, signal);
  if (!field) return false;
  const body = { name, description, propertyType: { id: field.id, type: 'type' } };
  await api.put(`/metadata/types/${entityType.id}`, body, signal);
  return true;
}
