import { ownedBy } from './entity-answer.ts';
import type { MemoryEntityStore } from './memory-store.ts';
import { newEntity, toUse } from './new-entity.ts';
import { propagateClassifications } from './propagation.ts';
import { endsPointingAt, relate } from './relationships.ts';
import { endsOf, type Json, type RelatedEnds, type StoredEntity } from './stored-entity.ts';

/** The entity that an operation is about: by guid, or by qualifiedName (with its type where that is not unique). */
export interface Target {
  readonly guid?: string;
  readonly qualifiedName?: string;
  readonly typeName?: string;
}

export interface NewColumn {
  readonly name: string;
  /** Hive type. */
  readonly type: string;
  readonly comment?: string;
  /** Behind the last one unless given. */
  readonly position?: number;
}

export type Mutation =
  | (Target & { readonly op: 'setAttribute'; readonly name: string; readonly value: unknown })
  | (Target & { readonly op: 'setLabels'; readonly labels: readonly string[] })
  | (Target & { readonly op: 'deleteEntity' })
  | (Target & { readonly op: 'purge' })
  /** Its search index has lost the entity, as an index does that fell behind: asked for by its guid, it is there. */
  | (Target & { readonly op: 'hideFromSearch' })
  | (Target & { readonly op: 'addColumn'; readonly column: NewColumn })
  | (Target & {
      readonly op: 'addClassification';
      readonly classification: { readonly typeName: string; readonly attributes?: Json; readonly propagate?: boolean };
    })
  | (Target & { readonly op: 'removeClassification'; readonly classification: string })
  /** The target is the database. */
  | (Target & {
      readonly op: 'addTable';
      readonly name: string;
      readonly columns: readonly NewColumn[];
      readonly attributes?: Json;
    });

/**
 * Changes entities as people and hooks would: what is touched gets a new modification time, deletions take owned
 * entities and emptied processes along, propagated classifications follow.
 * @throws {TypeError} when an operation is unknown or names an entity that does not exist
 */
export function mutate(store: MemoryEntityStore, operations: readonly Mutation[]): void {
  for (const operation of operations) {
    const now = nextTime(store);
    apply(store, operation, target(store, operation), now);
    for (const entity of propagateClassifications(store)) {
      touch(store, entity, now);
    }
  }
}

/** Now, but always after every change so far. */
function nextTime(store: MemoryEntityStore): number {
  let latest = 0;
  for (const entity of store.all()) {
    latest = Math.max(latest, entity.updateTime);
  }
  return Math.max(Date.now(), latest + 1);
}

function target(store: MemoryEntityStore, wanted: Target): StoredEntity {
  const found =
    wanted.guid === undefined
      ? store.find(wanted.typeName ?? 'Referenceable', wanted.qualifiedName ?? '')
      : store.get(wanted.guid);
  if (found === undefined) {
    throw new TypeError(`No entity ${wanted.guid ?? wanted.qualifiedName}`);
  }
  return found;
}

function apply(store: MemoryEntityStore, operation: Mutation, entity: StoredEntity, now: number): void {
  switch (operation.op) {
    case 'setAttribute':
      entity.attributes[operation.name] = operation.value;
      break;
    case 'setLabels':
      entity.labels = [...operation.labels];
      break;
    case 'deleteEntity':
      remove(store, entity, now);
      return;
    case 'purge':
      purge(store, entity);
      return;
    case 'hideFromSearch':
      store.hide(entity.guid);
      return;
    case 'addColumn':
      addColumn(store, entity, operation.column, now);
      return;
    case 'addClassification': {
      const use = { ...operation.classification, propagate: operation.classification.propagate ?? true };
      entity.classifications = [...entity.classifications, toUse(use, entity.guid)];
      break;
    }
    case 'removeClassification':
      entity.classifications = entity.classifications.filter(
        (use) => use.typeName !== operation.classification || use.entityGuid !== entity.guid,
      );
      break;
    case 'addTable':
      addTable(store, entity, operation, now);
      return;
    default:
      throw new TypeError(`Unknown operation ${String((operation as { op?: unknown }).op)}`);
  }
  touch(store, entity, now);
}

function touch(store: MemoryEntityStore, entity: StoredEntity, now: number): void {
  // What was recorded of the header is about the entity as it was: from here on it is worked out.
  const { headerAttributes: _, ...rest } = entity;
  store.add({ ...rest, updateTime: now });
}

function remove(store: MemoryEntityStore, entity: StoredEntity, now: number): void {
  if (entity.status === 'DELETED') {
    return;
  }
  entity.status = 'DELETED';
  for (const { holder, attribute, end } of endsPointingAt(entity, (guid) => store.get(guid))) {
    end.entityStatus = 'DELETED';
    const stays = attribute === 'tables' || attribute === 'instance';
    end.relationshipStatus = stays ? end.relationshipStatus : 'DELETED';
    for (const own of endsOf(ownEnds(entity, end.relationshipGuid))) {
      own.relationshipStatus = end.relationshipStatus;
    }
    if (attribute === 'columns' || attribute === 'partitionKeys') {
      entity.attributes['table'] = holder.status === 'ACTIVE' ? null : entity.attributes['table'];
    }
  }
  touch(store, entity, now);
  for (const guid of ownedBy(store.types, entity)) {
    const owned = store.get(guid);
    if (owned !== undefined) {
      remove(store, owned, now);
    }
  }
  for (const process of endsOf(entity.relationshipAttributes['outputFromProcesses'])) {
    const maker = store.get(process.guid);
    if (maker !== undefined && endsOf(maker.relationshipAttributes['outputs']).every(isGone)) {
      remove(store, maker, now);
    }
  }
}

const isGone = (end: { readonly entityStatus: string }): boolean => end.entityStatus === 'DELETED';

function ownEnds(entity: StoredEntity, relationshipGuid: string): RelatedEnds {
  const all = Object.values(entity.relationshipAttributes).flatMap(endsOf);
  return all.filter((end) => end.relationshipGuid === relationshipGuid);
}

function purge(store: MemoryEntityStore, entity: StoredEntity): void {
  const owned = ownedBy(store.types, entity);
  for (const { holder, attribute } of [...endsPointingAt(entity, (guid) => store.get(guid))]) {
    const ends = holder.relationshipAttributes[attribute];
    holder.relationshipAttributes[attribute] = Array.isArray(ends)
      ? ends.filter((end) => end.guid !== entity.guid)
      : null;
    const short = holder.attributes[attribute];
    if (Array.isArray(short)) {
      holder.attributes[attribute] = short.filter((each) => (each as { guid: string }).guid !== entity.guid);
    }
  }
  store.remove(entity.guid);
  for (const guid of owned) {
    const each = store.get(guid);
    if (each !== undefined) {
      purge(store, each);
    }
  }
}

function addColumn(store: MemoryEntityStore, table: StoredEntity, column: NewColumn, now: number): void {
  const [path, cluster] = splitCluster(String(table.attributes['qualifiedName']));
  const positions = ['columns', 'partitionKeys'].flatMap((name) => endsOf(table.relationshipAttributes[name])).length;
  const entity = newEntity(store.types, {
    typeName: 'hive_column',
    createTime: now,
    attributes: {
      name: column.name,
      qualifiedName: `${path}.${column.name}@${cluster}`,
      type: column.type,
      comment: column.comment ?? null,
      position: column.position ?? positions,
      owner: table.attributes['owner'],
    },
  });
  relate(store.types, 'hive_table_columns', table, entity);
  store.add(entity);
  touch(store, table, now);
}

function addTable(
  store: MemoryEntityStore,
  database: StoredEntity,
  operation: Extract<Mutation, { readonly op: 'addTable' }>,
  now: number,
): void {
  const [path, cluster] = splitCluster(String(database.attributes['qualifiedName']));
  const qualifiedName = `${path}.${operation.name}@${cluster}`;
  const table = newEntity(store.types, {
    typeName: 'hive_table',
    createTime: now,
    attributes: { tableType: 'MANAGED_TABLE', ...operation.attributes, name: operation.name, qualifiedName },
  });
  relate(store.types, 'hive_table_db', table, database);
  store.add(table);
  for (const column of operation.columns) {
    addColumn(store, store.get(table.guid) ?? table, column, now);
  }
  touch(store, database, now);
}

function splitCluster(qualifiedName: string): [path: string, cluster: string] {
  const at = qualifiedName.lastIndexOf('@');
  return at < 0 ? [qualifiedName, ''] : [qualifiedName.slice(0, at), qualifiedName.slice(at + 1)];
}
