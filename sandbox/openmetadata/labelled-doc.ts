import type { Collection } from './collection.ts';
import type { Context } from './context.ts';
import { type Doc, docList } from './doc.ts';
import type { LabelsByPath } from './labels.ts';
import type { EntityState } from './merge-entity.ts';
import { copyWithParts, eachPart, partsOf } from './parts.ts';
import type { EntityRow } from './store.ts';

/** An entity with its labels in place, as a merge wants it. */
export function loadState(collection: Collection, row: EntityRow, context: Context): EntityState {
  const labels = context.labels.of(row.id);
  if (labels.size === 0) {
    return { doc: row.doc, owners: row.owners, extension: row.extension };
  }
  const doc = copyWithParts(row.doc, collection.parts);
  doc['tags'] = context.labels.show(labels.get('') ?? []);
  const list = partsOf(doc, collection.parts);
  for (const part of eachPart(list)) {
    const own = labels.get(String(part['fullyQualifiedName']));
    if (own !== undefined) {
      insertLabels(part, context.labels.show(own));
    }
  }
  return { doc, owners: row.owners, extension: row.extension };
}

/** Puts the labels where the server has them in a part's text: behind its name, before its constraint. */
export function insertLabels(part: Doc, labels: Doc[]): void {
  const { constraint, ordinalPosition, jsonSchema, children } = part;
  part['tags'] = labels;
  for (const [key, value] of Object.entries({ constraint, ordinalPosition, jsonSchema, children })) {
    delete part[key];
    if (value !== undefined) {
      part[key] = value;
    }
  }
}

/** Separates the labels from the document: they are stored on their own, so that a tag's end reaches them. */
export function takeLabels(collection: Collection, source: Doc): { doc: Doc; labels: LabelsByPath } {
  const labels: LabelsByPath = new Map();
  const doc = copyWithParts(source, collection.parts);
  const take = (holder: Doc, path: string): void => {
    const own = docList(holder['tags']);
    delete holder['tags'];
    if (own.length > 0) {
      labels.set(path, own);
    }
  };
  take(doc, '');
  for (const part of eachPart(partsOf(doc, collection.parts))) {
    take(part, String(part['fullyQualifiedName']));
  }
  return { doc, labels };
}
