import type { ViewSource } from '../catalogue-queries.ts';
import { fromItem } from './from-item.ts';
import { none, type Origins, originsOf, type ResultColumn, sameColumns, union } from './origins.ts';
import { type Relation, relationOf, Scope } from './scope.ts';
import { isNode, listAt, type Node, namesAt, nodeAt, textAt } from './syntax.ts';

/** A recursive query settles within as many rounds as columns feed each other. */
const maxRounds = 50;

/** Names of relations at a place of a query: its WITH clauses, the inner before the outer, and the catalogue. */
export class Names {
  readonly #sources: readonly ViewSource[];
  readonly #outer: Names | undefined;
  readonly #queries = new Map<string, readonly ResultColumn[]>();

  constructor(sources: readonly ViewSource[], outer?: Names) {
    this.#sources = sources;
    this.#outer = outer;
  }

  within(): Names {
    return new Names(this.#sources, this);
  }

  define(name: string, columns: readonly ResultColumn[]): void {
    this.#queries.set(name, columns);
  }

  query(name: string): readonly ResultColumn[] | undefined {
    return this.#queries.get(name) ?? this.#outer?.query(name);
  }

  source(schema: string, name: string): ViewSource | undefined {
    return this.#sources.find((source) => source.name === name && source.schema === schema);
  }
}

/** The columns of a query's result, each with the columns of relations that its values are made of. */
export function queryColumns(select: Node, names: Names, outer?: Scope): readonly ResultColumn[] {
  const known = withQueries(nodeAt(select, 'withClause'), names, outer);
  const [left, right] = [nodeAt(select, 'larg'), nodeAt(select, 'rarg')];
  if (left && right) return bothSides(queryColumns(left, known, outer), queryColumns(right, known, outer));
  const rows = listAt(select, 'valuesLists');
  if (rows.length > 0) return valuesColumns(rows, known, outer);
  const scope = new Scope(outer);
  for (const item of listAt(select, 'fromClause')) fromItem(item, scope, known, outer);
  const windows = new Map(
    listAt(select, 'windowClause').map((item) => [textAt(nodeAt(item, 'WindowDef'), 'name'), item]),
  );
  const value = (node: unknown): Origins => expressionOrigins(node, scope, known, windows);
  return listAt(select, 'targetList').flatMap((item) => {
    const target = nodeAt(item, 'ResTarget');
    const reference = namesAt(nodeAt(nodeAt(target, 'val'), 'ColumnRef'), 'fields');
    if (reference.at(-1) === '*') return starColumns(reference, scope);
    const name = textAt(target, 'name') ?? reference.at(-1) ?? '?column?';
    return [{ name, origins: value(target?.['val']) }];
  });
}

function withQueries(clause: Node | undefined, names: Names, outer: Scope | undefined): Names {
  if (!clause) return names;
  const within = names.within();
  for (const item of listAt(clause, 'ctes')) {
    const query = nodeAt(item, 'CommonTableExpr');
    const name = textAt(query, 'ctename') ?? '';
    const select = nodeAt(nodeAt(query, 'ctequery'), 'SelectStmt');
    const named = (columns: readonly ResultColumn[]): readonly ResultColumn[] => [
      ...relationOf(name, columns, namesAt(query, 'aliascolnames')).columns,
      ...searchColumns(query),
    ];
    if (!select) within.define(name, []);
    else if (clause['recursive'] === true) defineRecursive(name, select, named, within, outer);
    else within.define(name, named(queryColumns(select, within, outer)));
  }
  return within;
}

/** A query that may read itself: what it starts with is put in until nothing new comes out. */
function defineRecursive(
  name: string,
  select: Node,
  named: (columns: readonly ResultColumn[]) => readonly ResultColumn[],
  within: Names,
  outer: Scope | undefined,
): void {
  const start = nodeAt(select, 'larg') ?? select;
  // What the start reads of the query's own clauses is found in the whole of it.
  const begun = withQueries(nodeAt(select, 'withClause'), within, outer);
  let columns = named(queryColumns(start, begun, outer));
  for (let round = 0; round < maxRounds; round += 1) {
    within.define(name, columns);
    const next = named(queryColumns(select, within, outer));
    if (sameColumns(next, columns)) return;
    columns = next;
  }
  within.define(
    name,
    columns.map((column) => ({ ...column, origins: undefined })),
  );
}

/** Columns that SEARCH and CYCLE add: they are of no one column. */
function searchColumns(query: Node | undefined): readonly ResultColumn[] {
  const search = nodeAt(query, 'search_clause');
  const cycle = nodeAt(query, 'cycle_clause');
  const added = [
    textAt(search, 'search_seq_column'),
    textAt(cycle, 'cycle_mark_column'),
    textAt(cycle, 'cycle_path_column'),
  ];
  return added.flatMap((name) => (name === undefined ? [] : [{ name, origins: undefined }]));
}

function bothSides(left: readonly ResultColumn[], right: readonly ResultColumn[]): readonly ResultColumn[] {
  return left.map(({ name, origins }, i) => ({ name, origins: union([origins, right[i]?.origins]) }));
}

function valuesColumns(rows: readonly Node[], names: Names, outer: Scope | undefined): readonly ResultColumn[] {
  const scope = new Scope(outer);
  const lists = rows.map((row) => listAt(nodeAt(row, 'List'), 'items'));
  const width = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: width }, (_, i) => ({
    name: `column${i + 1}`,
    origins: union(lists.map((list) => expressionOrigins(list[i], scope, names))),
  }));
}

/** PostgreSQL has written out every star; one that is left stands for a whole row. */
function starColumns(reference: readonly string[], scope: Scope): readonly ResultColumn[] {
  const relations: readonly (Relation | undefined)[] =
    reference.length > 1 ? [scope.relation(reference.at(-2)!)] : scope.relations;
  return relations.flatMap((relation) => relation?.columns ?? [{ name: '*', origins: undefined }]);
}

/** The columns that a value is made of. What only decides which rows there are is none of them. */
export function expressionOrigins(
  node: unknown,
  scope: Scope,
  names: Names,
  windows: ReadonlyMap<string | undefined, Node> = new Map(),
): Origins {
  if (Array.isArray(node)) return union(node.map((item) => expressionOrigins(item, scope, names, windows)));
  if (!isNode(node)) return none;
  const several = Object.entries(node).map(([key, value]): Origins => {
    if (key === 'ColumnRef') return referenceOrigins(namesAt(value as Node, 'fields'), scope);
    if (key === 'SubLink') return subqueryOrigins(value as Node, scope, names, windows);
    if (key === 'over' && isNode(value)) {
      const window = windows.get(textAt(value, 'name') ?? textAt(value, 'refname'));
      return union([expressionOrigins(value, scope, names), expressionOrigins(window, scope, names)]);
    }
    return expressionOrigins(value, scope, names, windows);
  });
  return union(several);
}

function subqueryOrigins(
  link: Node,
  scope: Scope,
  names: Names,
  windows: ReadonlyMap<string | undefined, Node>,
): Origins {
  if (link['subLinkType'] === 'EXISTS_SUBLINK') return none;
  const select = nodeAt(nodeAt(link, 'subselect'), 'SelectStmt');
  if (!select) return undefined;
  const result = queryColumns(select, names, scope).map(({ origins }) => origins);
  return union([...result, expressionOrigins(link['testexpr'], scope, names, windows)]);
}

function referenceOrigins(reference: readonly string[], scope: Scope): Origins {
  const [first, second, third] = reference;
  if (second === undefined) return first === '*' ? scope.row : scope.bare(first!);
  // With its schema, a relation has no other name.
  const [alias, column] = third === undefined ? [first!, second] : [second, third];
  return column === '*' ? scope.relation(alias)?.row : scope.qualified(alias, column);
}

/** A relation of the catalogue; undefined where it is not among those that the view is known to read. */
export function catalogueRelation(
  schema: string,
  name: string,
  alias: string,
  columnNames: readonly string[],
  names: Names,
): Relation | undefined {
  const source = names.source(schema, name);
  if (!source) return undefined;
  const columns = source.columns.map((column) => ({ name: column, origins: originsOf(source, [column], false) }));
  return relationOf(alias, columns, columnNames, originsOf(source, source.columns, true));
}
