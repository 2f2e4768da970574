import type { GroupCounts, SqlColumn } from '../../../profiler/sql/sql-dialect.ts';

export interface GroupedColumn {
  readonly column: SqlColumn;
  /** Expression whose values make the groups; null belongs to none. */
  readonly key: string;
}

/** `grouping` takes no more. */
const mostKeys = 31;

/**
 * Groups of several columns, each for itself, in one pass over the rows: GROUP BY GROUPING SETS. The value is an array of
 * arrays of three whole numbers, the first a column's position.
 *
 * @param conditions by column, in which rows its key is not null; where they are few, other rows are left out early
 * @param found `counts`: how many groups a column has, and how many of one row; `keys`: each group's key, a whole number, and
 * its rows
 */
export function groupingSets(
  keys: readonly GroupedColumn[],
  from: string,
  conditions: readonly string[] | undefined,
  found: 'counts' | 'keys',
): readonly GroupCounts[] {
  const parts: GroupCounts[] = [];
  for (let at = 0; at < keys.length; at += mostKeys) {
    const some = keys.slice(at, at + mostKeys);
    const where = conditions && ` WHERE ${conditions.slice(at, at + mostKeys).join(' OR ')}`;
    parts.push({ columns: some.map(({ column }) => column), sql: onePass(some, `${from}${where ?? ''}`, found) });
  }
  return parts;
}

function onePass(keys: readonly GroupedColumn[], from: string, found: 'counts' | 'keys'): string {
  const names = keys.map((_, at) => `k${at}`);
  const list = names.join(', ');
  // A bit of `grouping` is set where the key is not one of the set; the last key is the lowest bit.
  const all = 2 ** names.length - 1;
  const positions = names.map((_, at) => `WHEN ${all - 2 ** (names.length - 1 - at)} THEN ${at}`);
  const position = `CASE g ${positions.join(' ')} END AS p`;
  const groups =
    `(SELECT grouping(${list}) AS g, ${list}, count(*) AS n FROM ` +
    `(SELECT ${keys.map(({ key }, at) => `${key} AS k${at}`).join(', ')} FROM ${from}) AS r ` +
    `GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')})) AS f`;
  // In each set the other keys are null: what remains is its own.
  const isGroup = names.map((name) => `${name} IS NOT NULL`).join(' OR ');
  const values =
    found === 'counts'
      ? `SELECT ${position}, count(*) AS a, count(*) FILTER (WHERE n = 1) AS b FROM ${groups} WHERE ${isGroup} GROUP BY g`
      : `SELECT ${position}, ${names.length === 1 ? names[0] : `coalesce(${list})`} AS a, n AS b FROM ${groups} WHERE ${isGroup}`;
  return `(SELECT array_agg(ARRAY[CAST(p AS bigint), a, b]) FROM (${values}) AS q)`;
}
