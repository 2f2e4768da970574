import type { Context } from './context.ts';
import { insertLabels } from './labelled-doc.ts';
import type { LabelsByPath } from './labels.ts';
import { copyWithParts, eachPart, partsOf } from './parts.ts';
import { putOwners } from './show-entity.ts';
import type { EntityRow } from './store.ts';

/** Puts a state aside in the history, with the labels and owners that it had. */
export function keepVersion(row: EntityRow, labels: LabelsByPath, context: Context): void {
  const collection = context.collections.byType(row.type);
  const doc = copyWithParts(row.doc, collection.parts);
  if (collection.labelled) {
    doc['tags'] = context.labels.show(labels.get('') ?? []);
    for (const part of eachPart(partsOf(doc, collection.parts))) {
      insertLabels(part, context.labels.show(labels.get(String(part['fullyQualifiedName'])) ?? []));
    }
  }
  if (row.owners.length > 0) {
    putOwners(doc, row.owners, context);
  }
  if (row.extension !== undefined) {
    doc['extension'] = row.extension;
  }
  context.store
    .prepare('INSERT OR REPLACE INTO versions (entity, version, doc) VALUES (?, ?, ?)')
    .run(row.id, Number(row.doc['version']), JSON.stringify(doc));
}

/** Drops what is remembered about an entity that was written. */
export function forget(row: Pick<EntityRow, 'id' | 'type' | 'fqn'>, context: Context): void {
  context.links.forget(row);
  if (['tag', 'glossaryTerm', 'classification', 'glossary'].includes(row.type)) {
    context.labels.forgetTags();
  }
}
