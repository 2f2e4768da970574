import type { ViewSource } from '../catalogue-queries.ts';

/** A column of a relation that a view reads. */
export interface Origin {
  readonly source: ViewSource;
  readonly column: string;
  /** Read with its whole row, so that PostgreSQL has noted no column. */
  readonly byRow: boolean;
}

/** Where a value comes from; undefined where that cannot be told. Nothing at all is known of a constant, which is told. */
export type Origins = ReadonlyMap<string, Origin> | undefined;

export const none: Origins = new Map();

export function originsOf(source: ViewSource, columns: readonly string[], byRow: boolean): Origins {
  return new Map(columns.map((column) => [`${source.oid}.${column}`, { source, column, byRow }]));
}

/** What is made of several values comes from all that they come from. */
export function union(several: readonly Origins[]): Origins {
  const all = new Map<string, Origin>();
  for (const origins of several) {
    if (!origins) return undefined;
    for (const [key, origin] of origins) all.set(key, origin);
  }
  return all;
}

/** A column of something that a query reads from, or of its own result. */
export interface ResultColumn {
  readonly name: string;
  readonly origins: Origins;
}

export function sameColumns(a: readonly ResultColumn[], b: readonly ResultColumn[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ origins }, i) => {
      const other = b[i]!.origins;
      return origins?.size === other?.size && [...(origins?.keys() ?? [])].every((key) => other!.has(key));
    })
  );
}
