import { canonicalHash } from '../../model/canonical-hash.ts';
import type { AssetKind, CustomPropertyRecord, PropertyType } from '../../model/records.ts';
import type { AtlasEntity, TypeDefs } from './atlas-types.ts';

/** Custom properties that hold what has no property of its own: JSON, with keys in order. */
export const customAttributesProperty = 'atlasCustomAttributes';
export const columnPropertiesProperty = 'atlasColumnProperties';

/** Kinds that may carry business metadata: everything but vocabularies, which Atlas keeps free of it. */
const carriers: readonly AssetKind[] = [
  'database',
  'databaseSchema',
  'table',
  'topic',
  'container',
  'pipeline',
  'mlmodel',
];

interface ValueType {
  readonly propertyType: PropertyType;
  readonly values?: readonly string[];
  readonly multiSelect?: boolean;
  /** Undefined for a value that is none. */
  readonly tell: (value: unknown) => unknown;
}

interface BusinessAttribute extends ValueType {
  /** `group.attribute`, as a search names it. */
  readonly attribute: string;
  readonly group: string;
  readonly own: string;
  /** Name of the custom property: `group_attribute`. */
  readonly property: string;
  readonly description: string;
  /** Types (their subtypes included) that may carry it. */
  readonly types: readonly string[];
}

/** Business metadata of a server: its definitions as custom properties, and its values as their types want them. */
export class BusinessMetadata {
  readonly #attributes: readonly BusinessAttribute[];

  constructor(defs: TypeDefs) {
    this.#attributes = attributesOf(defs);
  }

  /** The attributes, named as a search wants them, that entities of every one of these types may carry. */
  searchAttributes(types: readonly string[], isA: (type: string, ancestor: string) => boolean): string[] {
    return this.#attributes
      .filter((attribute) => types.every((type) => attribute.types.some((carrier) => isA(type, carrier))))
      .map(({ attribute }) => attribute);
  }

  /** The definitions of all custom properties that values may be told for. */
  *records(): Generator<CustomPropertyRecord> {
    for (const { property, description, propertyType, values, multiSelect } of this.#attributes) {
      yield {
        kind: 'customProperty',
        path: [property],
        description,
        propertyType,
        ...(values && { values }),
        ...(multiSelect && { multiSelect }),
        appliesTo: carriers,
      };
    }
    const asJson = { kind: 'customProperty', propertyType: 'string' } as const;
    const custom = 'User-defined properties of this asset in Apache Atlas, as JSON.';
    yield { ...asJson, path: [customAttributesProperty], description: custom, appliesTo: carriers };
    const columns = 'Business metadata and user-defined properties of columns in Apache Atlas, as JSON by column.';
    yield { ...asJson, path: [columnPropertiesProperty], description: columns, appliesTo: ['table', 'container'] };
  }

  /** An entity's values, its columns' included, by custom property. */
  propertiesOf(
    entity: AtlasEntity,
    columns: readonly AtlasEntity[] = [],
  ): { readonly properties?: Readonly<Record<string, unknown>> } {
    const own = this.#valuesOf(entity);
    const custom = customAttributes(entity);
    const ofColumns: Record<string, unknown> = {};
    for (const column of columns) {
      const more = customAttributes(column);
      const values = { ...this.#valuesOf(column), ...(more && { [customAttributesProperty]: more }) };
      if (Object.keys(values).length > 0) ofColumns[String(column.attributes['name'])] = values;
    }
    const properties = {
      ...own,
      ...(custom && { [customAttributesProperty]: orderedJson(custom) }),
      ...(Object.keys(ofColumns).length > 0 && { [columnPropertiesProperty]: orderedJson(ofColumns) }),
    };
    return Object.keys(properties).length === 0 ? {} : { properties };
  }

  #valuesOf(entity: AtlasEntity): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const { attribute, group, own, property, tell } of this.#attributes) {
      const value = entity.attributes[attribute] ?? entity.businessAttributes?.[group]?.[own];
      if (value === undefined || value === null || value === '') continue;
      if (Array.isArray(value) && value.length === 0) continue;
      const told = tell(value);
      if (told !== undefined) values[property] = told;
    }
    return values;
  }
}

function attributesOf(defs: TypeDefs): BusinessAttribute[] {
  const enums = new Map(
    (defs.enumDefs ?? []).map(({ name, elementDefs = [] }) => [name, elementDefs.map(({ value }) => value)]),
  );
  // Older groups first: where two would have one property, the later one gets another name.
  const groups = [...(defs.businessMetadataDefs ?? [])].sort(
    (a, b) => (a.createTime ?? 0) - (b.createTime ?? 0) || (a.name < b.name ? -1 : 1),
  );
  const taken = new Set<string>([customAttributesProperty, columnPropertiesProperty, 'atlasClassifications']);
  return groups.flatMap(({ name: group, description: about, attributeDefs = [] }) =>
    attributeDefs.map(({ name: own, typeName, description, options }) => {
      const attribute = `${group}.${own}`;
      const plain = `${group}_${own}`.replace(/\W/g, '_').slice(0, 200);
      const property = taken.has(plain) ? `${plain}_${canonicalHash(attribute).slice(0, 8)}` : plain;
      taken.add(property);
      const texts = [`“${attribute}” of Apache Atlas’ business metadata`, description ?? about];
      return {
        attribute,
        group,
        own,
        property,
        description: texts.filter((text) => text !== undefined && text !== '').join(': '),
        types: typeList(options?.['applicableEntityTypes']),
        ...valueType(typeName, enums),
      };
    }),
  );
}

/** The server keeps the list as a JSON text. */
function typeList(value: unknown): string[] {
  try {
    const list: unknown = JSON.parse(String(value));
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}

const integers = new Set(['byte', 'short', 'int', 'long', 'biginteger']);
const numbers = new Set(['float', 'double', 'bigdecimal']);
const asText: ValueType = { propertyType: 'string', tell: textOf };

function valueType(typeName: string, enums: ReadonlyMap<string, readonly string[]>): ValueType {
  if (typeName === 'date') return { propertyType: 'timestamp', tell: wholeNumber };
  if (integers.has(typeName)) return { propertyType: 'integer', tell: wholeNumber };
  if (numbers.has(typeName)) return { propertyType: 'number', tell: number };
  const element = /^array<(.+)>$/.exec(typeName)?.[1];
  const word = element ?? typeName;
  const values = word === 'boolean' ? ['true', 'false'] : enums.get(word);
  if (values === undefined || values.length === 0) return asText;
  return {
    propertyType: 'enum',
    values,
    ...(element !== undefined && { multiSelect: true }),
    tell: (value) => (Array.isArray(value) ? value : [value]).map(String),
  };
}

function number(value: unknown): number | undefined {
  const told = typeof value === 'string' ? Number(value) : value;
  return typeof told === 'number' && Number.isFinite(told) ? told : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  const told = number(value);
  return Number.isInteger(told) ? told : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : orderedJson(value);
}

/** A header has them as a JSON text, a full entity as they are. */
function customAttributes(entity: AtlasEntity): Record<string, unknown> | undefined {
  let value: unknown = entity.attributes['__customAttributes'] ?? entity.customAttributes;
  if (typeof value === 'string') {
    try {
      value = JSON.parse(value);
    } catch {
      return value === '' ? undefined : { '': value };
    }
  }
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) return undefined;
  return value as Record<string, unknown>;
}

/** JSON with the keys of objects in order, so that the same content is the same text. */
function orderedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
