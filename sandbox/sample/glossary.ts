import type { GlossaryData } from '../atlas/entity-store.ts';
import { endsOf, type Json, type StoredEntity } from '../atlas/stored-entity.ts';
import { stableGuid } from '../stable-guid.ts';

export interface TermSpec {
  readonly name: string;
  readonly shortDescription: string;
  readonly longDescription?: string;
  readonly category?: string;
  readonly synonyms?: readonly string[];
  /** `type qualifiedName` of what the term is about. */
  readonly assigned?: readonly (readonly [typeName: string, qualifiedName: string])[];
}

export interface GlossarySpec {
  readonly name: string;
  readonly shortDescription: string;
  readonly categories: readonly string[];
  readonly terms: readonly TermSpec[];
}

/** The words of the bakery. */
export const BAKERY_GLOSSARY: GlossarySpec = {
  name: 'Bakery words',
  shortDescription: 'What we mean when we say it',
  categories: ['Sales', 'Kitchen'],
  terms: [
    {
      name: 'Takings',
      shortDescription: 'Money in the till, refunds not yet taken off',
      longDescription: 'Takings are **not** revenue: see the ledger for that.',
      category: 'Sales',
      synonyms: ['Till money'],
      assigned: [
        ['hive_table', 'finance.daily_takings@prod'],
        ['hive_column', 'shop.mv_sales_by_hour.takings@prod'],
      ],
    },
    { name: 'Till money', shortDescription: 'The old word for takings', category: 'Sales', synonyms: ['Takings'] },
    {
      name: 'Card holder',
      shortDescription: 'A customer with a bread card',
      assigned: [['hive_table', 'loyalty.customers@prod']],
    },
    {
      name: 'Batch',
      shortDescription: 'What goes into one oven at one time',
      category: 'Kitchen',
      assigned: [['hive_table', 'kitchen.batches@prod']],
    },
  ],
};

const ASSIGNMENT = 'AtlasGlossarySemanticAssignment';

/** Writes a glossary out as the API answers it, and hangs its terms on the entities. */
export function buildGlossary(
  spec: GlossarySpec,
  entity: (typeName: string, qualifiedName: string) => StoredEntity,
): GlossaryData {
  const guid = stableGuid(`glossary ${spec.name}`);
  const anchor = (name: string): Json => ({ glossaryGuid: guid, relationGuid: stableGuid(`anchor ${name}`) });
  const termGuid = (name: string): string => stableGuid(`term ${name}`);
  const termLink = (term: TermSpec, of: string): Json => ({
    termGuid: termGuid(term.name),
    relationGuid: stableGuid(`${of} ${term.name}`),
    displayText: term.name,
  });
  const named = (name: string): TermSpec => {
    const found = spec.terms.find((term) => term.name === name);
    if (found === undefined) {
      throw new TypeError(`The glossary has no term ${name}`);
    }
    return found;
  };
  const categoryGuid = (name: string): string => stableGuid(`category ${name}`);
  const inCategory = (name: string): readonly TermSpec[] => spec.terms.filter((term) => term.category === name);
  return {
    glossaries: [
      {
        guid,
        name: spec.name,
        qualifiedName: spec.name,
        shortDescription: spec.shortDescription,
        terms: spec.terms.map((term) => termLink(term, 'anchor')),
        categories: spec.categories.map((name) => ({
          categoryGuid: categoryGuid(name),
          relationGuid: stableGuid(`anchor ${name}`),
          displayText: name,
        })),
      },
    ],
    terms: spec.terms.map((term) => ({
      guid: termGuid(term.name),
      name: term.name,
      shortDescription: term.shortDescription,
      ...(term.longDescription === undefined ? {} : { longDescription: term.longDescription }),
      qualifiedName: `${term.name}@${spec.name}`,
      anchor: anchor(term.name),
      ...(term.category === undefined ? {} : { categories: [{ categoryGuid: categoryGuid(term.category) }] }),
      ...(term.synonyms === undefined
        ? {}
        : { synonyms: term.synonyms.map((name) => termLink(named(name), 'synonym')) }),
      assignedEntities: (term.assigned ?? []).map(([typeName, name]) =>
        assign(spec, term, termGuid(term.name), entity(typeName, name)),
      ),
    })),
    categories: spec.categories.map((name) => ({
      guid: categoryGuid(name),
      name,
      qualifiedName: `${name}@${spec.name}`,
      anchor: anchor(name),
      terms: inCategory(name).map((term) => termLink(term, 'category')),
    })),
  };
}

function assign(spec: GlossarySpec, term: TermSpec, guid: string, entity: StoredEntity): Json {
  const relationshipGuid = stableGuid(`${ASSIGNMENT} ${guid} ${entity.guid}`);
  const common = {
    entityStatus: 'ACTIVE',
    relationshipType: ASSIGNMENT,
    relationshipGuid,
    relationshipStatus: 'ACTIVE',
    relationshipAttributes: { typeName: ASSIGNMENT },
  } as const;
  entity.relationshipAttributes['meanings'] = [
    ...endsOf(entity.relationshipAttributes['meanings']),
    {
      ...common,
      guid,
      typeName: 'AtlasGlossaryTerm',
      displayText: term.name,
      qualifiedName: `${term.name}@${spec.name}`,
    },
  ];
  const { name, qualifiedName } = entity.attributes;
  return { ...common, guid: entity.guid, typeName: entity.typeName, displayText: name, qualifiedName };
}
