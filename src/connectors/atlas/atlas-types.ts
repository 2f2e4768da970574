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
  /** Epoch milliseconds; only where it was read in full. */
  readonly updateTime?: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationshipAttributes?: Readonly<Record<string, unknown>>;
  readonly classifications?: readonly AtlasClassification[];
  readonly classificationNames?: readonly string[];
  /** Words that somebody stuck on it (2.1 and later). */
  readonly labels?: readonly string[];
  /** Of a search header: the terms assigned to it. */
  readonly meanings?: readonly TermAssignment[];
  readonly businessAttributes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly customAttributes?: Readonly<Record<string, unknown>>;
}

/** An assignment of a term, as a header tells it. */
export interface TermAssignment {
  readonly termGuid: string;
  /** `DISCOVERED`, `VALIDATED`, `DEPRECATED` …; null or absent where nobody said. */
  readonly status?: string | null;
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
  readonly description?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface BusinessMetadataDef {
  readonly name: string;
  readonly description?: string;
  /** Epoch milliseconds. */
  readonly createTime?: number;
  readonly attributeDefs?: readonly AttributeDef[];
}

export interface EnumDef {
  readonly name: string;
  readonly elementDefs?: readonly { readonly value: string }[];
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
  readonly enumDefs?: readonly EnumDef[];
  /** 2.1 and later. */
  readonly businessMetadataDefs?: readonly BusinessMetadataDef[];
}

/** How a glossary, a category or a term points to another one. */
export interface TermLink {
  readonly termGuid: string;
  readonly relationGuid?: string;
  readonly displayText?: string;
  /** Of the relation: `DRAFT`, `ACTIVE`, `DEPRECATED` …; null or absent where nobody said. */
  readonly status?: string | null;
  readonly expression?: string | null;
  readonly description?: string | null;
}

export interface CategoryLink {
  readonly categoryGuid: string;
  readonly parentCategoryGuid?: string;
  readonly displayText?: string;
}

interface GlossaryFields {
  readonly guid: string;
  readonly name: string;
  readonly qualifiedName?: string;
  readonly shortDescription?: string;
  /** Atlas' own page writes HTML here; the API takes anything. */
  readonly longDescription?: string;
  readonly additionalAttributes?: Readonly<Record<string, unknown>>;
  readonly classifications?: readonly AtlasClassification[];
}

export interface AtlasGlossary extends GlossaryFields {
  readonly language?: string;
  readonly usage?: string;
  readonly terms?: readonly TermLink[];
  readonly categories?: readonly CategoryLink[];
}

interface Anchored {
  readonly anchor?: { readonly glossaryGuid: string };
}

export interface AtlasCategory extends GlossaryFields, Anchored {
  readonly parentCategory?: CategoryLink;
  readonly childrenCategories?: readonly CategoryLink[];
  readonly terms?: readonly TermLink[];
}

/** Names of a term's relations to other terms. */
export const termRelations = [
  'synonyms',
  'antonyms',
  'seeAlso',
  'preferredTerms',
  'preferredToTerms',
  'replacementTerms',
  'replacedBy',
  'translationTerms',
  'translatedTerms',
  'isA',
  'classifies',
  'validValues',
  'validValuesFor',
] as const;

export type TermRelation = (typeof termRelations)[number];

export interface AtlasTerm
  extends GlossaryFields,
    Anchored,
    Partial<Readonly<Record<TermRelation, readonly TermLink[]>>> {
  readonly abbreviation?: string;
  readonly usage?: string;
  readonly examples?: readonly string[];
  readonly categories?: readonly CategoryLink[];
  readonly assignedEntities?: readonly ObjectId[];
}
