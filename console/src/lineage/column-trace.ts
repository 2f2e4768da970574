import type { LineageLink } from '../../../src/server/console-api/catalogue/catalogue-types.ts';

/** A column of a node, as {@link columnKey} writes it. */
export type ColumnKey = string;

export function columnKey(node: string, column: string): ColumnKey {
  return `${node}\n${column}`;
}

/** The columns of each node that some link knows, in the order of their names. */
export function linkedColumns(links: readonly LineageLink[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const add = (node: string, column: string): void => {
    const columns = found.get(node);
    if (columns) columns.add(column);
    else found.set(node, new Set([column]));
  };
  for (const { from, to, columns } of links) {
    for (const pair of columns) {
      for (const column of pair.from) add(from, column);
      add(to, pair.to);
    }
  }
  return new Map([...found].map(([node, columns]) => [node, [...columns].sort()]));
}

/** Everything that a column is made of, and everything that is made of it, itself included. */
export function traceColumn(links: readonly LineageLink[], start: ColumnKey): ReadonlySet<ColumnKey> {
  const up = new Map<ColumnKey, ColumnKey[]>();
  const down = new Map<ColumnKey, ColumnKey[]>();
  for (const { from, to, columns } of links) {
    for (const pair of columns) {
      const target = columnKey(to, pair.to);
      for (const column of pair.from) {
        const source = columnKey(from, column);
        up.set(target, [...(up.get(target) ?? []), source]);
        down.set(source, [...(down.get(source) ?? []), target]);
      }
    }
  }
  return new Set([...reached(start, up), ...reached(start, down)]);
}

function reached(start: ColumnKey, next: ReadonlyMap<ColumnKey, readonly ColumnKey[]>): ReadonlySet<ColumnKey> {
  const seen = new Set([start]);
  // A set gives what is added while it is walked, too.
  for (const key of seen) for (const other of next.get(key) ?? []) seen.add(other);
  return seen;
}
