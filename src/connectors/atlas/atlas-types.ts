/** Atlas' own shapes on the wire (v2 REST API, as recorded from 2.5.0); only what is used. */
export interface ObjectId {
  readonly guid: string;
  readonly typeName?: string;
  readonly uniqueAttributes?: { readonly qualifiedName?: string };
  readonly entityStatus?: string;
  readonly relationshipStatus?: string;
  readonly displayText?: string;
}

export interface AtlasClassification {
  readonly typeName: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly entityGuid?: string;
  readonly validityPeriods?: readonly unknown[];
}

/** A search header or an entity: both carry these. */
export interface AtlasEntity {
  readonly guid: string;
  readonly typeName: string;
  readonly status?: string;
  readonly isIncomplete?: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationshipAttributes?: Readonly<Record<string, unknown>>;
  readonly classifications?: readonly AtlasClassification[];
  readonly classificationNames?: readonly string[];
}

export interface SearchAnswer {
  readonly entities?: readonly AtlasEntity[];
  readonly approximateCount?: number;
}

export interface BulkAnswer {
  readonly entities?: readonly AtlasEntity[];
  readonly referredEntities?: Readonly<Record<string, AtlasEntity>>;
}

export interface AttributeDef {
  readonly name: string;
  readonly typeName: string;
}

export interface EntityDef {
  readonly name: string;
  readonly superTypes?: readonly string[];
  readonly attributeDefs?: readonly AttributeDef[];
  readonly relationshipAttributeDefs?: readonly AttributeDef[];
}

export interface ClassificationDef {
  readonly name: string;
  readonly description?: string;
  readonly superTypes?: readonly string[];
}

export interface TypeDefs {
  readonly entityDefs?: readonly EntityDef[];
  readonly classificationDefs?: readonly ClassificationDef[];
}
