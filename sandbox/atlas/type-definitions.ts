/** The parts of Atlas' type definitions that the stand-in looks at; everything else is passed through. */
export interface AttributeDef {
  readonly name: string;
  readonly typeName: string;
  readonly [key: string]: unknown;
}

export interface RelationshipAttributeDef extends AttributeDef {
  readonly relationshipTypeName: string;
  readonly isLegacyAttribute: boolean;
}

interface NamedDef {
  readonly category: string;
  readonly guid: string;
  readonly name: string;
  readonly serviceType?: string;
  readonly [key: string]: unknown;
}

export interface EntityDef extends NamedDef {
  readonly superTypes: readonly string[];
  readonly subTypes: readonly string[];
  readonly attributeDefs: readonly AttributeDef[];
  readonly relationshipAttributeDefs: readonly RelationshipAttributeDef[];
  readonly businessAttributeDefs: Readonly<Record<string, readonly AttributeDef[]>>;
  readonly options?: Readonly<Record<string, string>>;
}

export interface ClassificationDef extends NamedDef {
  readonly superTypes: readonly string[];
  readonly subTypes: readonly string[];
  readonly attributeDefs: readonly AttributeDef[];
}

export interface RelationshipEndDef {
  readonly type: string;
  readonly name: string;
  readonly isContainer: boolean;
  readonly cardinality: 'SINGLE' | 'SET' | 'LIST';
  readonly isLegacyAttribute: boolean;
}

export interface RelationshipDef extends NamedDef {
  readonly relationshipCategory: 'COMPOSITION' | 'AGGREGATION' | 'ASSOCIATION';
  readonly propagateTags: 'NONE' | 'ONE_TO_TWO' | 'TWO_TO_ONE' | 'BOTH';
  readonly endDef1: RelationshipEndDef;
  readonly endDef2: RelationshipEndDef;
}

export interface TypeDefinitions {
  readonly enumDefs: readonly NamedDef[];
  readonly structDefs: readonly NamedDef[];
  readonly classificationDefs: readonly ClassificationDef[];
  readonly entityDefs: readonly EntityDef[];
  readonly relationshipDefs: readonly RelationshipDef[];
  readonly businessMetadataDefs: readonly NamedDef[];
}
