import { type Origins, type ResultColumn, union } from './origins.ts';

/** Something in a FROM clause, by the name that columns are asked of it with. */
export interface Relation {
  readonly alias: string | undefined;
  readonly columns: readonly ResultColumn[];
  /** Set where the names of its columns are not known: then any of them comes from this. */
  readonly anyColumn?: { readonly origins: Origins };
  /** Origins of the row as a whole. */
  readonly row: Origins;
}

/** Names that can be asked for at a place of a query. */
export class Scope {
  readonly relations: Relation[] = [];
  /** Columns that a JOIN … USING has made one of. */
  readonly merged = new Map<string, Origins>();
  readonly #outer: Scope | undefined;

  constructor(outer: Scope | undefined) {
    this.#outer = outer;
  }

  /** A column by its bare name, or a row by the name of its relation; undefined where it cannot be told. */
  bare(name: string): Origins {
    const merged = this.merged.get(name);
    if (merged) return merged;
    const found = this.relations.flatMap((relation) => columnsNamed(relation, name));
    if (found.length === 1) return found[0]!.origins;
    if (found.length > 1) return undefined;
    const row = this.relations.find(({ alias }) => alias === name);
    if (row) return row.row;
    const [only, ...others] = this.relations;
    if (only?.anyColumn && others.length === 0) return only.anyColumn.origins;
    return this.#outer?.bare(name);
  }

  /** A column by its relation and name. */
  qualified(alias: string, name: string): Origins {
    const relation = this.relation(alias);
    if (!relation) return undefined;
    const [column] = columnsNamed(relation, name);
    return column ? column.origins : relation.anyColumn?.origins;
  }

  relation(alias: string): Relation | undefined {
    return this.relations.find((relation) => relation.alias === alias) ?? this.#outer?.relation(alias);
  }

  /** All rows that can be read here, as a bare star does. */
  get row(): Origins {
    return union(this.relations.map(({ row }) => row));
  }
}

function columnsNamed({ columns }: Relation, name: string): readonly ResultColumn[] {
  return columns.filter((column) => column.name === name);
}

/** A relation whose columns are known, under an alias that may rename the first of them. */
export function relationOf(
  alias: string | undefined,
  columns: readonly ResultColumn[],
  names: readonly string[] = [],
  row: Origins = union(columns.map(({ origins }) => origins)),
): Relation {
  return { alias, columns: columns.map((column, i) => ({ ...column, name: names[i] ?? column.name })), row };
}
