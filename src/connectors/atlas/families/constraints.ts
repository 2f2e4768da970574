import type { ColumnRecord, NamePath, TableConstraint } from '../../../model/records.ts';
import type { AtlasEntity, ObjectId } from '../atlas-types.ts';
import { nameOf, related, text } from '../map-entity.ts';

/** Where the constraints of a relational table find what they name. */
export interface ConstraintLookup {
  /** An index or a foreign key. */
  readonly part: (id: ObjectId) => AtlasEntity | undefined;
  readonly columnName: (id: ObjectId) => string | undefined;
  readonly tablePath: (id: ObjectId) => NamePath | undefined;
}

/** What became of the indexes and foreign keys of a table: constraints, and the names of those that became none. */
export interface FoundConstraints {
  readonly constraints: readonly TableConstraint[];
  /** Indexes that are not unique: OpenMetadata has no place for them. */
  readonly plainIndexes: readonly string[];
  /** Foreign keys that lead to nothing that was read. */
  readonly lostKeys: readonly string[];
}

/** The keys of a relational table: its primary key, unique indexes and foreign keys. */
export function constraintsOf(
  table: AtlasEntity,
  columns: readonly ColumnRecord[],
  lookup: ConstraintLookup,
): FoundConstraints {
  const constraints: TableConstraint[] = [];
  const plainIndexes: string[] = [];
  const lostKeys: string[] = [];
  const primary = columns.filter(({ constraint }) => constraint === 'PRIMARY_KEY').map(({ name }) => name);
  if (primary.length > 0) constraints.push({ type: 'PRIMARY_KEY', columns: primary });
  const known = new Set(columns.map(({ name }) => name));
  for (const id of related(table, 'indexes')) {
    const index = lookup.part(id);
    if (!index || index.status === 'DELETED') continue;
    const names = namesOf(index, 'columns', lookup).filter((name) => known.has(name));
    if (index.attributes['isUnique'] !== true || names.length === 0) plainIndexes.push(nameOf(index));
    // The index behind the primary key says the same once more.
    else if (!sameNames(names, primary)) constraints.push({ type: 'UNIQUE', columns: names });
  }
  for (const id of related(table, 'foreign_keys')) {
    const key = lookup.part(id);
    if (!key || key.status === 'DELETED') continue;
    const constraint = foreignKey(key, known, lookup);
    if (constraint) constraints.push(constraint);
    else lostKeys.push(nameOf(key));
  }
  return { constraints, plainIndexes, lostKeys };
}

function foreignKey(
  key: AtlasEntity,
  known: ReadonlySet<string>,
  lookup: ConstraintLookup,
): TableConstraint | undefined {
  const columns = namesOf(key, 'key_columns', lookup).filter((name) => known.has(name));
  const [tableId] = related(key, 'references_table');
  const table = tableId && lookup.tablePath(tableId);
  const there = namesOf(key, 'references_columns', lookup);
  if (!table || columns.length === 0 || columns.length !== there.length) return undefined;
  return { type: 'FOREIGN_KEY', columns, refersTo: there.map((column) => ({ table, column })) };
}

/** Names of the columns that an attribute lists; where they were not read, their qualifiedName tells. */
function namesOf(entity: AtlasEntity, attribute: string, lookup: ConstraintLookup): string[] {
  return related(entity, attribute)
    .map((id) => lookup.columnName(id) ?? text(id.displayText) ?? lastName(id.uniqueAttributes?.qualifiedName))
    .filter((name) => name !== undefined);
}

function lastName(qualifiedName: string | undefined): string | undefined {
  return qualifiedName
    ?.replace(/@[^@]*$/, '')
    .split('.')
    .at(-1);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
