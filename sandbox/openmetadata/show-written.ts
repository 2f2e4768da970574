import type { Wanted } from './build-entity.ts';
import type { Actor, Context } from './context.ts';
import { type Doc, docList } from './doc.ts';
import { copyWithParts, eachPart, partsOf } from './parts.ts';
import { shownRelations } from './relations.ts';
import { addParents, forActor, inheritedRoles, putOwners } from './show-entity.ts';
import type { EntityRow } from './store.ts';

/**
 * The answer to a PUT or POST. Unlike a read it shows what the body spoke of: labels only where the body had a list,
 * the owner only when it was named.
 */
export function showWritten(row: EntityRow, wanted: Wanted, body: Doc, context: Context, actor: Actor): Doc {
  const collection = context.collections.byType(row.type);
  const doc = copyWithParts({ ...row.doc }, collection.parts);
  if (Array.isArray(wanted.doc['tags'])) {
    doc['tags'] = context.labels.show(docList(wanted.doc['tags']));
  }
  const places = new Map<unknown, Doc>();
  for (const part of eachPart(partsOf(wanted.doc, collection.parts))) {
    places.set(part['fullyQualifiedName'], part);
  }
  for (const part of eachPart(partsOf(doc, collection.parts))) {
    const given = places.get(part['fullyQualifiedName'])?.['tags'];
    if (Array.isArray(given)) {
      part['tags'] = context.labels.show(docList(given));
    }
  }
  doc['href'] = context.links.address(collection.path, row.id);
  addParents(doc, row, context);
  if (body['owner'] !== undefined || body['owners'] !== undefined) {
    putOwners(doc, row.owners, context);
  }
  if (row.extension !== undefined) {
    doc['extension'] = row.extension;
  }
  for (const key of ['domain', 'domains', 'dataProducts']) {
    delete doc[key];
  }
  showRelations(doc, row, wanted, context);
  return forActor(doc, row.type, actor, context);
}

function showRelations(doc: Doc, row: EntityRow, wanted: Wanted, context: Context): void {
  for (const [key, links] of wanted.relations) {
    const shown = links.map((link) => {
      const { description, displayName, ...reference } = context.links.reference(link.id) ?? {};
      // Related terms come back without their texts, everything else with them.
      return key === 'relatedTerms' ? reference : { ...reference, ...given({ description, displayName }) };
    });
    doc[key] = shownRelations(key, shown, context.version);
  }
  if (row.type === 'glossaryTerm') {
    doc['reviewers'] ??= [];
  } else if (row.type === 'query') {
    doc['votes'] = { upVotes: 0, downVotes: 0 };
  } else if (row.type === 'user') {
    doc['isBot'] ??= false;
    doc['teams'] ??= organization(context);
    doc['inheritedRoles'] = inheritedRoles(context);
  } else if (row.type === 'team') {
    doc['parents'] ??= organization(context);
  }
}

function given(texts: Doc): Doc {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));
}

function organization(context: Context): Doc[] {
  const row = context.store.byFqn('team', 'Organization');
  return row === undefined ? [] : [context.links.reference(row.id)!];
}
