import type {
  AttributeDef,
  ClassificationDef,
  EntityDef,
  RelationshipDef,
  RelationshipEndDef,
  TypeDefinitions,
} from '../atlas/type-definitions.ts';
import { stableGuid } from '../stable-guid.ts';

export interface EntityTypeSpec {
  readonly name: string;
  readonly superTypes: readonly string[];
  readonly service: string;
  /** `name:type` each; `!` at the end makes it required, `*` unique as well. */
  readonly attributes?: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
  readonly description?: string;
}

export interface RelationshipSpec {
  readonly name: string;
  readonly category: RelationshipDef['relationshipCategory'];
  readonly propagate?: RelationshipDef['propagateTags'];
  /** `type.attribute`, with `[]` behind for many, `#` before for the container, `~` before for a legacy attribute. */
  readonly ends: readonly [first: string, second: string];
}

export interface ClassificationSpec {
  readonly name: string;
  readonly superTypes?: readonly string[];
  readonly attributes?: readonly string[];
  readonly description: string;
}

export interface BusinessMetadataSpec {
  readonly name: string;
  readonly description: string;
  readonly attributes: Readonly<Record<string, { readonly type: string; readonly on: readonly string[] }>>;
}

export interface TypeSpecs {
  readonly entities: readonly EntityTypeSpec[];
  readonly relationships: readonly RelationshipSpec[];
  readonly classifications: readonly ClassificationSpec[];
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly businessMetadata: readonly BusinessMetadataSpec[];
}

/** When the types were made: epoch milliseconds, the same on every start. */
const DEFINED_AT = Date.UTC(2025, 0, 6, 8);

/** Writes short specifications out as the type definitions that the server answers. */
export function defineTypes(specs: TypeSpecs): TypeDefinitions {
  const relationshipDefs = specs.relationships.map(toRelationship);
  const superTypes = new Map(specs.entities.map((spec) => [spec.name, spec.superTypes]));
  return {
    enumDefs: Object.entries(specs.enums).map(([name, values]) => ({
      ...head('ENUM', name, name),
      elementDefs: values.map((value, ordinal) => ({ value, ordinal })),
    })),
    structDefs: [],
    classificationDefs: specs.classifications.map((spec) => toClassification(spec, specs.classifications)),
    entityDefs: specs.entities.map((spec) =>
      toEntityType(spec, specs, relationshipDefs, ancestors(spec.name, superTypes)),
    ),
    relationshipDefs,
    businessMetadataDefs: specs.businessMetadata.map((spec) => ({
      ...head('BUSINESS_METADATA', spec.name, spec.description),
      attributeDefs: Object.keys(spec.attributes).map((name) => toBusinessAttribute(spec, name)),
    })),
  };
}

function head(category: string, name: string, description: string) {
  return {
    category,
    guid: stableGuid(`${category} ${name}`),
    createdBy: 'root',
    updatedBy: 'root',
    createTime: DEFINED_AT,
    updateTime: DEFINED_AT,
    version: 1,
    name,
    description,
    typeVersion: '1.0',
  };
}

function toAttribute(spec: string): AttributeDef {
  const [, name, typeName, mark] = /^([^:]+):(.*?)([!*]?)$/.exec(spec) ?? [];
  if (name === undefined || typeName === undefined) {
    throw new TypeError(`'${spec}' is no attribute specification`);
  }
  return {
    name,
    typeName,
    isOptional: mark === '',
    cardinality: typeName.startsWith('array<') ? 'SET' : 'SINGLE',
    valuesMinCount: mark === '' ? 0 : 1,
    valuesMaxCount: typeName.startsWith('array<') ? 2147483647 : 1,
    isUnique: mark === '*',
    isIndexable: mark === '*',
    includeInNotification: false,
    searchWeight: -1,
  };
}

function toBusinessAttribute(spec: BusinessMetadataSpec, name: string): AttributeDef {
  const { type, on } = spec.attributes[name] ?? { type: 'string', on: [] };
  return { ...toAttribute(`${name}:${type}`), options: { applicableEntityTypes: JSON.stringify(on) } };
}

function toRelationship(spec: RelationshipSpec): RelationshipDef {
  return {
    ...head('RELATIONSHIP', spec.name, spec.name),
    attributeDefs: [],
    relationshipCategory: spec.category,
    propagateTags: spec.propagate ?? 'NONE',
    endDef1: toEnd(spec.ends[0]),
    endDef2: toEnd(spec.ends[1]),
  };
}

function toEnd(text: string): RelationshipEndDef {
  const [, marks = '', type = '', name = '', many] = /^([#~]*)([^.]+)\.(\w+)(\[\])?$/.exec(text) ?? [];
  return {
    type,
    name,
    isContainer: marks.includes('#'),
    cardinality: many === undefined ? 'SINGLE' : 'SET',
    isLegacyAttribute: marks.includes('~'),
  };
}

function toClassification(spec: ClassificationSpec, all: readonly ClassificationSpec[]): ClassificationDef {
  return {
    ...head('CLASSIFICATION', spec.name, spec.description),
    attributeDefs: (spec.attributes ?? []).map(toAttribute),
    superTypes: spec.superTypes ?? [],
    entityTypes: [],
    subTypes: all.filter((other) => other.superTypes?.includes(spec.name)).map((other) => other.name),
  };
}

function ancestors(name: string, superTypes: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set([name]);
  for (const each of seen) {
    for (const above of superTypes.get(each) ?? []) {
      seen.add(above);
    }
  }
  return seen;
}

function toEntityType(
  spec: EntityTypeSpec,
  specs: TypeSpecs,
  relationships: readonly RelationshipDef[],
  lineOfTypes: ReadonlySet<string>,
): EntityDef {
  return {
    ...head('ENTITY', spec.name, spec.description ?? spec.name),
    serviceType: spec.service,
    ...(spec.options === undefined ? {} : { options: spec.options }),
    attributeDefs: (spec.attributes ?? []).map(toAttribute),
    superTypes: spec.superTypes,
    subTypes: specs.entities.filter((other) => other.superTypes.includes(spec.name)).map((other) => other.name),
    relationshipAttributeDefs: relationships.flatMap((def) => [
      ...(lineOfTypes.has(def.endDef1.type) ? [toRelated(def, def.endDef1, def.endDef2)] : []),
      ...(lineOfTypes.has(def.endDef2.type) ? [toRelated(def, def.endDef2, def.endDef1)] : []),
    ]),
    businessAttributeDefs: Object.fromEntries(
      specs.businessMetadata.flatMap((business) => {
        const names = Object.keys(business.attributes).filter((name) =>
          business.attributes[name]?.on.includes(spec.name),
        );
        return names.length === 0 ? [] : [[business.name, names.map((name) => toBusinessAttribute(business, name))]];
      }),
    ),
  };
}

function toRelated(def: RelationshipDef, end: RelationshipEndDef, other: RelationshipEndDef) {
  const many = end.cardinality !== 'SINGLE';
  return {
    ...toAttribute(`${end.name}:${many ? `array<${other.type}>` : other.type}`),
    relationshipTypeName: def.name,
    isLegacyAttribute: end.isLegacyAttribute,
  };
}
