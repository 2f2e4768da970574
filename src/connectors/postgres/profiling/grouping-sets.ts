import type { GroupCounts, SqlColumn } from '../../../profiler/sql/sql-dialect.ts';

export interface GroupedColumn {
  readonly column: SqlColumn;
  /** Expression whose values make the groups; null belongs to none. */
  readonly key: string;
}

/** GROUPING takes no more. */
const mostKeys = 31;

/**
 * Groups of several columns, each for itself, in one pass over the rows: GROUP BY GROUPING SETS.
 *
 * @param conditions by column, in which rows its key is not null; where they are few, other rows are left out early
 * @param found what is told of a column's groups: aggregates over `n`, the rows of a group; or `n` and the key of each group
 */
export function groupingSets(
  keys: readonly GroupedColumn[],
  from: string,
  conditions: readonly string[] | undefined,
  found: (keyOf: string) => string,
): readonly GroupCounts[] {
  const parts: GroupCounts[] = [];
  for (let at = 0; at < keys.length; at += mostKeys) {
    const some = keys.slice(at, at + mostKeys);
    parts.push(onePass(some, from, conditions?.slice(at, at + mostKeys), found));
  }
  return parts;
}

function onePass(
  keys: readonly GroupedColumn[],
  from: string,
  conditions: readonly string[] | undefined,
  found: (keyOf: string) => string,
): GroupCounts {
  const names = keys.map((_, at) => `k${at}`);
  const list = names.join(', ');
  // A bit of GROUPING is set where the key is not one of the set; the last key is the lowest bit.
  const all = 2 ** names.length - 1;
  const masks = names.map((_, at) => all - 2 ** (names.length - 1 - at));
  const position = `array_position(ARRAY[${masks.join(',')}], g) - 1`;
  const columns = found(`coalesce(${list})`);
  const isAggregate = columns.startsWith('count');
  return {
    columns: keys.map(({ column }) => column),
    sql:
      `(SELECT json_agg(t) FROM (SELECT json_build_array(${position}, ${columns}) AS t FROM ` +
      `(SELECT GROUPING(${list}) AS g, ${list}, count(*) AS n FROM ` +
      `(SELECT ${keys.map(({ key }, at) => `${key} AS k${at}`).join(', ')} FROM ${from}` +
      `${conditions === undefined ? '' : ` WHERE ${conditions.join(' OR ')}`}) AS r ` +
      `GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')})) AS f ` +
      `WHERE num_nonnulls(${list}) = 1${isAggregate ? ' GROUP BY g' : ''}) AS p)`,
  };
}
