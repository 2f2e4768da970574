import type { GroupCounts, SqlColumn } from '../../../profiler/sql/sql-dialect.ts';

export interface GroupedColumn {
  readonly column: SqlColumn;
  /** Expression whose values make the groups; null belongs to none. */
  readonly key: string;
}

/** GROUPING takes no more. */
const mostKeys = 31;

export interface GroupingOptions {
  /** What is told of a column's groups: aggregates over `n`, the rows of a group; or `n` and the key of each group. */
  readonly found: (keyOf: string) => string;
  /** By column, in which rows its key is not null; where they are few, other rows are left out early. */
  readonly conditions?: readonly string[];
  /** The group of null is one of a column's groups: to leave it out, each group has to be looked at. */
  readonly withNull?: boolean;
}

/** Groups of several columns, each for itself, in one pass over the rows: GROUP BY GROUPING SETS. */
export function groupingSets(
  keys: readonly GroupedColumn[],
  from: string,
  { conditions, ...options }: GroupingOptions,
): readonly GroupCounts[] {
  const parts: GroupCounts[] = [];
  for (let at = 0; at < keys.length; at += mostKeys) {
    const some = keys.slice(at, at + mostKeys);
    const where = conditions && ` WHERE ${conditions.slice(at, at + mostKeys).join(' OR ')}`;
    parts.push(onePass(some, `${from}${where ?? ''}`, options));
  }
  return parts;
}

function onePass(keys: readonly GroupedColumn[], from: string, { found, withNull }: GroupingOptions): GroupCounts {
  const names = keys.map((_, at) => `k${at}`);
  const list = names.join(', ');
  // A bit of GROUPING is set where the key is not one of the set; the last key is the lowest bit.
  const all = 2 ** names.length - 1;
  const masks = names.map((_, at) => all - 2 ** (names.length - 1 - at));
  const position = `array_position(ARRAY[${masks.join(',')}], g) - 1`;
  const columns = found(`coalesce(${list})`);
  const isAggregate = columns.startsWith('count');
  const groups =
    `SELECT GROUPING(${list}) AS g, ${list}, count(*) AS n FROM ` +
    `(SELECT ${keys.map(({ key }, at) => `${key} AS k${at}`).join(', ')} FROM ${from}) AS r ` +
    `GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')})`;
  return {
    columns: keys.map(({ column }) => column),
    sql:
      `(SELECT json_agg(t) FROM (SELECT json_build_array(${position}, ${columns}) AS t FROM (${groups}) AS f` +
      `${withNull ? '' : ` WHERE num_nonnulls(${list}) = 1`}${isAggregate ? ' GROUP BY g' : ''}) AS p)`,
    ...(withNull && { withNull }),
  };
}
