import type { PropertyType } from '../model/records.ts';
import type { Api } from './api.ts';
import type { Capabilities } from './capabilities.ts';
import type { EntityType } from './collections.ts';
import { isAtLeast } from './server-version.ts';

/** A custom property as it shall be. */
export interface PropertyDefinition {
  /** Letters, digits and `_` only. */
  readonly name: string;
  readonly description: string;
  readonly propertyType: PropertyType;
  /** The words of an `enum`. */
  readonly values?: readonly string[];
  readonly multiSelect?: boolean;
}

interface StoredProperty {
  readonly name: string;
  readonly description?: string;
  readonly propertyType?: { readonly id?: string; readonly name?: string };
  readonly customPropertyConfig?: { readonly config?: unknown };
}

interface TypeEntity {
  readonly id: string;
  readonly customProperties?: readonly StoredProperty[];
}

interface EnumConfig {
  readonly multiSelect: boolean;
  readonly values: readonly string[];
}

function readType(api: Api, type: EntityType, signal: AbortSignal): Promise<TypeEntity | undefined> {
  return api.find<TypeEntity>(`/metadata/types/name/${type}`, { fields: 'customProperties' }, signal);
}

function findProperty(type: TypeEntity | undefined, name: string): StoredProperty | undefined {
  return type?.customProperties?.find((property) => property.name === name);
}

/** How a custom property that is there holds its values. */
export interface HeldProperty {
  readonly description?: string;
  /** The server's own word: `string`, `integer`, `enum`, `sqlQuery` … */
  readonly type: string;
  readonly values?: readonly string[];
  readonly multiSelect?: boolean;
}

/** The custom properties that a kind of entity has, by name; undefined when the server has none for this kind. */
export async function readCustomProperties(
  api: Api,
  type: EntityType,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, HeldProperty> | undefined> {
  const entityType = await readType(api, type, signal);
  return (
    entityType &&
    new Map(
      (entityType.customProperties ?? []).map((property) => {
        const held = property.propertyType?.name ?? 'string';
        const { description } = property;
        const words = { type: held, ...(description && { description }) };
        return [property.name, held === 'enum' ? { ...words, ...enumConfig(property) } : words];
      }),
    )
  );
}

/** Names of the types of value that a custom property may have on this server. Enums need a configuration (1.3). */
export async function readValueTypes(
  api: Api,
  capabilities: Capabilities,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const query = { category: 'field', limit: '1000' };
  const { data } = await api.get<{ readonly data: readonly { readonly name: string }[] }>(
    '/metadata/types',
    query,
    signal,
  );
  const names = new Set(data.map(({ name }) => name));
  if (!isAtLeast(capabilities.version, 1, 3)) names.delete('enum');
  return names;
}

function enumConfig({ customPropertyConfig }: StoredProperty): EnumConfig {
  const config = customPropertyConfig?.config as Partial<EnumConfig> | undefined;
  return { multiSelect: config?.multiSelect ?? false, values: config?.values ?? [] };
}

/** What a held enum lacks is added to it: words, or that it takes several. Words that others gave it stay. */
async function widenEnum(
  api: Api,
  typeId: string,
  held: StoredProperty,
  wanted: PropertyDefinition,
  signal: AbortSignal,
): Promise<void> {
  const config = enumConfig(held);
  const missing = (wanted.values ?? []).filter((value) => !config.values.includes(value));
  if (missing.length === 0 && (config.multiSelect || !wanted.multiSelect)) return;
  const values = [...config.values, ...missing];
  const body = {
    name: held.name,
    description: held.description ?? wanted.description,
    propertyType: { id: held.propertyType?.id, type: 'type' },
    customPropertyConfig: { config: { ...config, multiSelect: config.multiSelect || !!wanted.multiSelect, values } },
  };
  await api.put(`/metadata/types/${typeId}`, body, signal);
}

/**
 * Makes sure that a kind of entity has a custom property. One that is there is left as it is, save that an enum gets the
 * words that it lacks. Where the server does not know the type of value, or refuses enums (before 1.3), it becomes a
 * property of texts.
 * @returns the name of the type of value that the property has now; undefined when this server has no custom properties
 * for this kind of entity
 */
export async function ensureCustomProperty(
  api: Api,
  capabilities: Capabilities,
  type: EntityType,
  property: PropertyDefinition,
  signal: AbortSignal,
): Promise<string | undefined> {
  const entityType = await readType(api, type, signal);
  if (!entityType) return undefined;
  const { name, description, propertyType, values, multiSelect } = property;
  const held = findProperty(entityType, name);
  if (held) {
    const heldType = held.propertyType?.name ?? 'string';
    if (heldType === 'enum' && propertyType === 'enum') await widenEnum(api, entityType.id, held, property, signal);
    return heldType;
  }
  const configurable = isAtLeast(capabilities.version, 1, 3);
  const candidates = propertyType === 'enum' && !configurable ? ['string'] : [propertyType, 'string'];
  for (const fieldType of new Set(candidates)) {
    const field = await api.find<TypeEntity>(`/metadata/types/name/${fieldType}`, {}, signal);
    if (!field) continue;
    const config = fieldType === 'enum' && { config: { multiSelect: multiSelect ?? false, values: values ?? [] } };
    const body = {
      name,
      description,
      propertyType: { id: field.id, type: 'type' },
      ...(config && { customPropertyConfig: config }),
    };
    await api.put(`/metadata/types/${entityType.id}`, body, signal);
    return fieldType;
  }
  return undefined;
}
