import { none, type Origins, type ResultColumn, union } from './origins.ts';
import { catalogueRelation, expressionOrigins, type Names, queryColumns } from './query-columns.ts';
import { type Relation, relationOf, Scope } from './scope.ts';
import { listAt, type Node, namesAt, nodeAt, textAt } from './syntax.ts';

/**
 * Takes an item of a FROM clause into a scope.
 *
 * @param scope what stands before it, which only LATERAL items and functions can see
 * @param outer of the query around
 * @returns the item's columns, in the order in which a join around it has them
 */
export function fromItem(item: Node, scope: Scope, names: Names, outer: Scope | undefined): readonly ResultColumn[] {
  const join = nodeAt(item, 'JoinExpr');
  if (join) return joined(join, scope, names, outer);
  const sample = nodeAt(nodeAt(item, 'RangeTableSample'), 'relation');
  if (sample) return fromItem(sample, scope, names, outer);
  const relation = relationFrom(item, scope, names, outer);
  scope.relations.push(relation);
  return relation.columns;
}

function relationFrom(item: Node, scope: Scope, names: Names, outer: Scope | undefined): Relation {
  const table = nodeAt(item, 'RangeVar');
  if (table) return tableRelation(table, names);
  const subselect = nodeAt(item, 'RangeSubselect');
  if (subselect) {
    const { alias, columns } = aliasOf(subselect);
    const select = nodeAt(nodeAt(subselect, 'subquery'), 'SelectStmt');
    if (!select) return unknown(alias);
    const seen = subselect['lateral'] === true ? scope : outer;
    return relationOf(alias, queryColumns(select, names, seen), columns);
  }
  const functions = nodeAt(item, 'RangeFunction');
  if (functions) return functionRelation(functions, scope, names);
  // XMLTABLE and JSON_TABLE: every column comes of the document.
  const [inner] = Object.values(item) as [Node | undefined];
  const { alias } = aliasOf(inner);
  return anything(alias, [], expressionOrigins(inner, scope, names));
}

function aliasOf(node: Node | undefined): { readonly alias: string | undefined; readonly columns: readonly string[] } {
  const alias = nodeAt(node, 'alias');
  return { alias: textAt(alias, 'aliasname'), columns: namesAt(alias, 'colnames') };
}

function tableRelation(table: Node, names: Names): Relation {
  const { alias, columns } = aliasOf(table);
  const name = textAt(table, 'relname') ?? '';
  const schema = textAt(table, 'schemaname');
  const query = schema === undefined ? names.query(name) : undefined;
  if (query) return relationOf(alias ?? name, query, columns);
  return catalogueRelation(schema ?? 'pg_catalog', name, alias ?? name, columns, names) ?? unknown(alias ?? name);
}

/** What a function returns is made of what it is given. */
function functionRelation(item: Node, scope: Scope, names: Names): Relation {
  const { alias, columns } = aliasOf(item);
  const defined = listAt(item, 'coldeflist').map((column) => textAt(nodeAt(column, 'ColumnDef'), 'colname') ?? '');
  const known = columns.length > 0 ? columns : defined;
  const functions = listAt(item, 'functions').map((each) => listAt(nodeAt(each, 'List'), 'items')[0]);
  const [only, ...others] = functions;
  const arrays = others.length === 0 ? unnested(only) : [];
  // Several arrays are unnested side by side, a column each, as several functions of one array each are.
  const given = arrays.length > 1 ? arrays : functions;
  const origins = given.map((each) => expressionOrigins(each, scope, names));
  if (given.length === 1) return anything(alias, known, origins[0]);
  const counted = item['ordinality'] === true ? 1 : 0;
  const oneEach = known.length === given.length + counted && functions.every((each) => unnested(each).length > 0);
  // Nobody says how many columns other functions return.
  if (!oneEach) return anything(alias, known, undefined);
  return relationOf(
    alias,
    known.map((name, i) => ({ name, origins: i < origins.length ? origins[i] : none })),
  );
}

/** The arrays that `unnest` is called with; none for another function. */
function unnested(item: Node | undefined): readonly Node[] {
  const call = nodeAt(item, 'FuncCall');
  return namesAt(call, 'funcname').at(-1) === 'unnest' ? listAt(call, 'args') : [];
}

function anything(alias: string | undefined, columns: readonly string[], origins: Origins): Relation {
  return { alias, columns: columns.map((name) => ({ name, origins })), anyColumn: { origins }, row: origins };
}

function unknown(alias: string | undefined): Relation {
  return anything(alias, [], undefined);
}

function joined(join: Node, scope: Scope, names: Names, outer: Scope | undefined): readonly ResultColumn[] {
  const { alias, columns: renamed } = aliasOf(join);
  // An alias hides what is joined; LATERAL items within still see what stands before.
  const inner = alias === undefined ? scope : seeing(scope, outer);
  const left = fromItem(nodeAt(join, 'larg') ?? {}, inner, names, outer);
  const right = fromItem(nodeAt(join, 'rarg') ?? {}, inner, names, outer);
  const using = namesAt(join, 'usingClause');
  const merged = using.map((name) => ({
    name,
    origins: union([...left, ...right].filter((column) => column.name === name).map(({ origins }) => origins)),
  }));
  for (const { name, origins } of merged) inner.merged.set(name, origins);
  const usingAlias = textAt(nodeAt(join, 'join_using_alias'), 'aliasname');
  if (usingAlias !== undefined) inner.relations.push({ ...relationOf(usingAlias, merged), columns: merged });
  const rest = [...left, ...right].filter(({ name }) => !using.includes(name));
  const columns = [...merged, ...rest];
  if (alias === undefined) return columns;
  const relation = relationOf(alias, columns, renamed);
  scope.relations.push(relation);
  return relation.columns;
}

function seeing(scope: Scope, outer: Scope | undefined): Scope {
  const inner = new Scope(outer);
  inner.relations.push(...scope.relations);
  return inner;
}
