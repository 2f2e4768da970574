import type { GlossaryReading } from '../atlas/atlas-reader.ts';
import {
  type AtlasCategory,
  type AtlasGlossary,
  type AtlasTerm,
  type CategoryLink,
  type TermLink,
  termRelations,
} from '../atlas/atlas-types.ts';
import type { EntityIndex } from './entity-index.ts';
import { type ExportedEntity, endsOf, isMap, type RelatedEnd } from './exported-entity.ts';

const termsPerPage = 500;

/** The glossaries of an export in the form of the glossary API. An export has them as entities. */
export async function* exportedGlossaries(index: EntityIndex): AsyncGenerator<GlossaryReading> {
  for (const page of index.pages('AtlasGlossary', termsPerPage)) {
    for (const entity of page) {
      const glossary = glossaryOf(entity);
      yield { glossary, categories: categoriesOf(entity, index), terms: termsOf(entity.guid, index) };
    }
  }
}

function glossaryOf(entity: ExportedEntity): AtlasGlossary {
  return {
    ...fieldsOf(entity),
    ...texts(entity, ['language', 'usage']),
    terms: endsOf(entity, 'terms').map(termLink),
    categories: endsOf(entity, 'categories').map(categoryLink),
  };
}

/**
 * An export holds a glossary's categories only when they were asked for; its glossary still names them all, each with
 * the one above it.
 */
function categoriesOf(glossary: ExportedEntity, index: EntityIndex): AtlasCategory[] {
  return endsOf(glossary, 'categories').map((end) => {
    const entity = index.get(end.guid);
    const { displayText, parentCategoryGuid } = categoryLink(end);
    const parent = parentCategoryGuid ?? (entity && endsOf(entity, 'parentCategory')[0]?.guid);
    return {
      ...(entity
        ? fieldsOf(entity)
        : {
            guid: end.guid,
            name: displayText ?? end.guid,
            ...(end.qualifiedName && { qualifiedName: end.qualifiedName }),
          }),
      anchor: { glossaryGuid: glossary.guid },
      ...(parent !== undefined && { parentCategory: { categoryGuid: parent } }),
    };
  });
}

async function* termsOf(glossaryGuid: string, index: EntityIndex): AsyncGenerator<AtlasTerm> {
  for (const page of index.pages('AtlasGlossaryTerm', termsPerPage)) {
    for (const entity of page) {
      if (endsOf(entity, 'anchor')[0]?.guid === glossaryGuid) yield termOf(entity, glossaryGuid);
    }
  }
}

function termOf(entity: ExportedEntity, glossaryGuid: string): AtlasTerm {
  const { examples } = entity.attributes;
  const relations = termRelations.map((name) => [name, endsOf(entity, name).map(termLink)] as const);
  return {
    ...fieldsOf(entity),
    ...texts(entity, ['abbreviation', 'usage']),
    ...(Array.isArray(examples) && { examples: examples.map(String) }),
    anchor: { glossaryGuid },
    categories: endsOf(entity, 'categories').map(categoryLink),
    assignedEntities: endsOf(entity, 'assignedEntities').map((end) => ({
      guid: end.guid,
      ...(end.typeName !== undefined && { typeName: end.typeName }),
      ...(end.displayText !== undefined && { displayText: end.displayText }),
      ...(end.entityStatus !== undefined && { entityStatus: end.entityStatus }),
      ...(end.relationshipStatus !== undefined && { relationshipStatus: end.relationshipStatus }),
      ...(end.qualifiedName !== undefined && { uniqueAttributes: { qualifiedName: end.qualifiedName } }),
    })),
    ...Object.fromEntries(relations.filter(([, links]) => links.length > 0)),
  };
}

function fieldsOf(entity: ExportedEntity) {
  const { additionalAttributes, name, qualifiedName } = entity.attributes;
  return {
    guid: entity.guid,
    name: String(name ?? qualifiedName ?? entity.guid),
    ...texts(entity, ['qualifiedName', 'shortDescription', 'longDescription']),
    ...(isMap(additionalAttributes) && { additionalAttributes }),
    ...(entity.classifications && { classifications: entity.classifications }),
  };
}

/** Those of the attributes that are texts. */
function texts<N extends string>(entity: ExportedEntity, names: readonly N[]): Partial<Record<N, string>> {
  const found = names.filter((name) => typeof entity.attributes[name] === 'string');
  return Object.fromEntries(found.map((name) => [name, entity.attributes[name]])) as Partial<Record<N, string>>;
}

function termLink({ guid, displayText, relationshipAttributes }: RelatedEnd): TermLink {
  const { status, expression, description } = relationshipAttributes?.attributes ?? {};
  return {
    termGuid: guid,
    ...(displayText !== undefined && { displayText }),
    ...(typeof status === 'string' && { status }),
    ...(typeof expression === 'string' && { expression }),
    ...(typeof description === 'string' && { description }),
  };
}

function categoryLink({ guid, displayText, relationshipAttributes }: RelatedEnd): CategoryLink {
  const parent = relationshipAttributes?.attributes?.['parentCategoryGuid'];
  return {
    categoryGuid: guid,
    ...(displayText !== undefined && { displayText }),
    ...(typeof parent === 'string' && { parentCategoryGuid: parent }),
  };
}
