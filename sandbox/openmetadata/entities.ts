import { randomUUID } from 'node:crypto';
import { ApiError, badRequest, notFound } from './api-error.ts';
import { buildEntity, ownersIn, tidyEntity, type Wanted } from './build-entity.ts';
import type { Collection } from './collection.ts';
import type { Actor, Context } from './context.ts';
import { checkExtension } from './custom-properties.ts';
import { type Doc, docList, isDoc, ordered } from './doc.ts';
import { forget, keepVersion } from './history.ts';
import { applyPatch } from './json-patch.ts';
import { loadState, takeLabels } from './labelled-doc.ts';
import type { LabelsByPath } from './labels.ts';
import { sameStoredLabels } from './labels.ts';
import { type EntityState, type Merged, mergeEntity } from './merge-entity.ts';
import { relatedIds, relatedLink, relatedReferences, relationKeys, setRelated, shownRelations } from './relations.ts';
import { restoreBelow } from './remove-entity.ts';
import { checkShape } from './shape.ts';
import { patchFields, showEntity } from './show-entity.ts';
import { showWritten } from './show-written.ts';
import type { EntityLink, EntityRow } from './store.ts';

export interface Written {
  readonly status: 200 | 201;
  /** Value of the header that tells what a write did. */
  readonly change: 'entityCreated' | 'entityUpdated' | 'entityNoChange';
  readonly body: Doc;
}

/**
 * Creates or updates by name.
 * @throws {ApiError} as the server refuses: 400, 404, and 409 when only creating is allowed.
 */
export function writeEntity(
  collection: Collection,
  body: Doc,
  context: Context,
  options: { readonly actor: Actor; readonly createOnly: boolean },
): Written {
  const wanted = buildEntity(collection, body, context);
  const existing = context.store.byFqn(collection.type, wanted.fqn);
  if (existing === undefined) {
    return createEntity(collection, wanted, body, context, options.actor);
  }
  if (options.createOnly) {
    throw new ApiError(409, 'Entity already exists');
  }
  return context.store.transaction(() => putEntity(collection, existing, wanted, body, context, options.actor));
}

function createEntity(collection: Collection, wanted: Wanted, body: Doc, context: Context, actor: Actor): Written {
  const { doc, labels } = takeLabels(collection, wanted.doc);
  const id = randomUUID();
  const row: EntityRow = {
    id,
    type: collection.type,
    fqn: wanted.fqn,
    parent: wanted.parent,
    deleted: false,
    doc: { id, ...doc, version: 0.1, updatedAt: Date.now(), updatedBy: actor.name, deleted: false },
    owners: wanted.owners ?? [],
    extension: wanted.extension,
  };
  const { store } = context;
  const insert = (): void => {
    store.insert(row);
    context.labels.replace(id, labels, false);
    for (const [key, links] of wanted.relations) {
      setRelated(row.type, id, key, links, context);
    }
  };
  if (labels.size > 0 || wanted.relations.size > 0) {
    store.transaction(insert);
  } else {
    insert();
  }
  forget(row, context);
  return { status: 201, change: 'entityCreated', body: showWritten(row, wanted, body, context, actor) };
}

function putEntity(
  collection: Collection,
  existing: EntityRow,
  wanted: Wanted,
  body: Doc,
  context: Context,
  actor: Actor,
): Written {
  if (existing.deleted) {
    restoreBelow(existing, context, actor);
  }
  const original = loadState(collection, existing, context);
  const updated: EntityState = { doc: wanted.doc, owners: wanted.owners, extension: wanted.extension };
  for (const key of Object.keys(collection.defaults)) {
    // What a body cannot say, such as whether a pipeline is deployed, is not reset by a PUT.
    if (!collection.create.keys.has(key)) {
      updated.doc[key] = existing.doc[key];
    }
  }
  const merged = mergeEntity(original, updated, {
    collection,
    version: context.version,
    operation: 'put',
    restores: existing.deleted,
    byBot: actor.isBot,
    ownerText: (owner) => ({ ...context.links.reference(owner.id, false) }),
  });
  compareRelations(existing, wanted.relations, merged, context);
  const row = storeMerged(collection, existing, updated.doc, merged, context, actor);
  return {
    status: 200,
    change: merged.changes.any ? 'entityUpdated' : 'entityNoChange',
    body: showWritten(row, { ...wanted, ...updated }, body, context, actor),
  };
}

/**
 * Applies a JSON Patch to an entity.
 * @throws {ApiError} 400, 404 or (for a patch that does not fit) 500.
 */
export function patchEntity(
  collection: Collection,
  row: EntityRow,
  patch: unknown,
  context: Context,
  actor: Actor,
): Written {
  const bot = { name: actor.name, isBot: true } as const;
  const before = showEntity(row, context, { fields: patchFields(context), address: false, actor: bot });
  if (collection.type === 'table' && !context.version.atLeast(4)) {
    // The old server does not load a view's text for a PATCH, so that it cannot be replaced.
    delete before['viewDefinition'];
  }
  for (const key of relationKeys(row.type)) {
    before[key] = shownRelations(key, relatedReferences(row.type, row.id, key, context), context.version);
  }
  const after = applyPatch(before, patch);
  checkShape(
    after,
    { className: entityClass(collection), keys: entityRules(collection), required: ['name'] },
    { strict: true },
  );
  const changed = fromPatched(collection, row, after, context);
  return context.store.transaction(() => {
    const original = loadState(collection, row, context);
    const merged = mergeEntity(original, changed.state, {
      collection,
      version: context.version,
      operation: 'patch',
      restores: false,
      byBot: actor.isBot,
      ownerText: (owner) => ({ ...context.links.reference(owner.id, false) }),
    });
    compareRelations(row, changed.relations, merged, context);
    const stored = storeMerged(collection, row, changed.state.doc, merged, context, actor);
    const body = showEntity(stored, context, { fields: patchFields(context), address: true, actor });
    return { status: 200, change: merged.changes.any ? 'entityUpdated' : 'entityNoChange', body };
  });
}

function entityClass(collection: Collection): string {
  const { type } = collection;
  return `org.openmetadata.schema.entity.${type[0]!.toUpperCase()}${type.slice(1)}`;
}

function entityRules(collection: Collection): Map<string, { kind: 'any' }> {
  const known = new Map<string, { kind: 'any' }>();
  for (const key of [...collection.keys, 'service', 'serviceType', 'classification', 'glossary', 'parent']) {
    known.set(key, { kind: 'any' });
  }
  return known;
}

/** Splits a patched document into what is stored; what identifies the entity cannot be patched away. */
function fromPatched(
  collection: Collection,
  row: EntityRow,
  after: Doc,
  context: Context,
): { state: EntityState; relations: Map<string, EntityLink[]> } {
  const doc: Doc = { ...after };
  const relations = new Map<string, EntityLink[]>();
  for (const key of relationKeys(row.type)) {
    relations.set(key, docList(doc[key]).map(relatedLink));
    delete doc[key];
  }
  const owners = ownersIn(doc, context) ?? [];
  const extension = isDoc(doc['extension']) ? doc['extension'] : undefined;
  for (const key of ['owner', 'owners', 'extension', 'followers', 'href', 'service', 'database', 'databaseSchema']) {
    delete doc[key];
  }
  for (const key of ['classification', 'glossary', 'parent', 'openMetadataServerConnection', 'votes']) {
    delete doc[key];
  }
  for (const key of ['id', 'name', 'fullyQualifiedName', 'deleted', 'version', 'changeDescription', 'serviceType']) {
    if (row.doc[key] === undefined) {
      delete doc[key];
    } else {
      doc[key] = row.doc[key];
    }
  }
  if (row.doc['viewDefinition'] !== undefined) {
    doc['viewDefinition'] ??= row.doc['viewDefinition'];
  }
  checkExtension(row.type, extension, context);
  tidyEntity(collection, doc, row.fqn, context);
  return { state: { doc, owners, extension }, relations };
}

function compareRelations(
  row: EntityRow,
  relations: ReadonlyMap<string, readonly EntityLink[]>,
  merged: Merged,
  context: Context,
): void {
  const referenceTo = (id: string): Doc => ({ ...context.links.reference(id, false) });
  for (const [key, links] of relations) {
    const before = relatedIds(row.type, row.id, key, context);
    const now = links.map((link) => link.id);
    const { added, deleted } = merged.changes.list(
      key,
      before.map(referenceTo),
      now.map(referenceTo),
      (a, b) => a['id'] === b['id'],
    );
    if (added.length + deleted.length > 0) {
      for (const link of links) {
        context.links.require(link);
      }
      setRelated(row.type, row.id, key, links, context);
    }
  }
}

/** Stores the outcome: a new version and its history when something counts as changed, else only the labels. */
function storeMerged(
  collection: Collection,
  before: EntityRow,
  updated: Doc,
  merged: Merged,
  context: Context,
  actor: Actor,
): EntityRow {
  const { changes } = merged;
  const version = Number(before.doc['version']);
  const { doc } = takeLabels(collection, updated);
  const next: Doc = { ...doc, ...ordered(before.doc, ['id', 'serviceType', 'pipelineStatus']) };
  next['version'] = changes.nextVersion(version);
  next['updatedAt'] = changes.any ? Date.now() : before.doc['updatedAt'];
  next['updatedBy'] = changes.any ? actor.name : before.doc['updatedBy'];
  next['changeDescription'] = changes.toDoc(version);
  next['deleted'] = false;
  const row: EntityRow = { ...before, deleted: false, doc: next, owners: merged.owners, extension: merged.extension };
  const had = context.labels.of(before.id);
  if (!sameLabelsByPath(had, merged.labels)) {
    context.labels.replace(before.id, merged.labels, had.size > 0);
  }
  if (changes.any) {
    keepVersion(before, had, context);
    context.store.update(row);
    forget(row, context);
  }
  return row;
}

function sameLabelsByPath(a: LabelsByPath, b: LabelsByPath): boolean {
  return a.size === b.size && [...a].every(([path, labels]) => sameStoredLabels(labels, b.get(path) ?? []));
}

/** @throws {ApiError} 404 unless there is such an entity of that type and `include` lets it show. */
export function findEntity(
  type: string,
  key: { readonly id: string } | { readonly fqn: string },
  include: 'non-deleted' | 'deleted' | 'all',
  context: Context,
): EntityRow {
  const row = 'id' in key ? context.store.byId(key.id) : context.store.byFqn(type, key.fqn);
  const shown =
    row !== undefined && row.type === type && (include === 'all' || row.deleted === (include === 'deleted'));
  if (!shown) {
    throw notFound(type, 'id' in key ? key.id : key.fqn);
  }
  return row;
}

/** @throws {ApiError} 400 when a body is not an object with an `id`. */
export function idIn(body: unknown): string {
  if (!isDoc(body) || typeof body['id'] !== 'string') {
    throw badRequest('[id must not be null]');
  }
  return body['id'];
}
