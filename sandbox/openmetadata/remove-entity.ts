import { badRequest } from './api-error.ts';
import { Changes } from './changes.ts';
import type { Actor, Context } from './context.ts';
import { forget, keepVersion } from './history.ts';
import type { EntityRow } from './store.ts';

/**
 * Marks an entity as deleted, or removes it for good; with `recursive` everything below it too.
 * @returns the entity as it is (or was) afterwards.
 * @throws {ApiError} 400 for an entity that is not empty, or that belongs to the server.
 */
export function removeEntity(
  row: EntityRow,
  options: { readonly recursive: boolean; readonly hard: boolean },
  context: Context,
  actor: Actor,
): EntityRow {
  const { store } = context;
  if (row.doc['provider'] === 'system') {
    throw badRequest(`Entity ${row.fqn} of type ${row.type} is system provided and can't be deleted`);
  }
  if (!options.recursive && holdsOthers(row.type) && store.hasChildren(row.id, 'all')) {
    throw badRequest(`${row.type} is not empty`);
  }
  return store.transaction(() => removeBelow(row, options.hard, context, actor));
}

/**
 * Types (besides all services) whose children keep them from being deleted, also those that are marked as deleted
 * themselves; what hangs on others goes with them.
 */
const CONTAINERS = new Set([
  'database',
  'databaseSchema',
  'classification',
  'glossary',
  'glossaryTerm',
  'tag',
  'container',
  'domain',
]);

function holdsOthers(type: string): boolean {
  return type.endsWith('Service') || CONTAINERS.has(type);
}

function removeBelow(row: EntityRow, hard: boolean, context: Context, actor: Actor): EntityRow {
  const { store } = context;
  for (const child of store.children(row.id)) {
    if (hard || !child.deleted) {
      removeBelow(child, hard, context, actor);
    }
  }
  if (row.type === 'tag' || row.type === 'glossaryTerm') {
    // Labels go with a tag even when it is only marked as deleted, and do not come back with it.
    context.labels.strip(row.type, row.fqn);
  }
  if (!hard) {
    return row.deleted ? row : setDeleted(row, true, context, actor);
  }
  store.remove(row.id);
  forget(row, context);
  return row;
}

/** Brings a deleted entity back, and everything below it. */
export function restoreEntity(row: EntityRow, context: Context, actor: Actor): EntityRow {
  return context.store.transaction(() => {
    restoreBelow(row, context, actor);
    return row.deleted ? setDeleted(row, false, context, actor) : row;
  });
}

/** Brings back what is below an entity, but not the entity itself. */
export function restoreBelow(row: EntityRow, context: Context, actor: Actor): void {
  for (const child of context.store.children(row.id)) {
    if (child.deleted) {
      restoreEntity(child, context, actor);
    }
  }
}

function setDeleted(row: EntityRow, deleted: boolean, context: Context, actor: Actor): EntityRow {
  const changes = new Changes();
  changes.value('deleted', row.deleted, deleted);
  const version = Number(row.doc['version']);
  keepVersion(row, context.labels.of(row.id), context);
  const next: EntityRow = {
    ...row,
    deleted,
    doc: {
      ...row.doc,
      version: changes.nextVersion(version),
      updatedAt: Date.now(),
      updatedBy: actor.name,
      changeDescription: changes.toDoc(version),
      deleted,
    },
  };
  context.store.update(next);
  forget(next, context);
  return next;
}
