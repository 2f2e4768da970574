import type { ColumnPair } from '../../../model/records.ts';
import type { ViewSource } from '../catalogue-queries.ts';
import type { ReadView } from '../read-views.ts';
import { loadParser, type Parse } from './load-parser.ts';
import type { ResultColumn } from './origins.ts';
import { Names, queryColumns } from './query-columns.ts';
import { isNode, listAt, nodeAt } from './syntax.ts';

/** A relation that a view reads, and which columns of the view come from which of its. */
export interface ViewEdge {
  readonly whole: ViewSource['whole'];
  readonly columns: readonly ColumnPair[];
}

/**
 * Where the columns of views come from. Which relations a view reads PostgreSQL itself has noted; which columns go where is
 * found in the view's query, as PostgreSQL's own parser reads it. A pair that is not among the columns that PostgreSQL has
 * noted is left out: rather none than a wrong one.
 */
export class ViewLineage {
  readonly #parse: Parse;

  private constructor(parse: Parse) {
    this.#parse = parse;
  }

  static async load(): Promise<ViewLineage> {
    return new ViewLineage(await loadParser());
  }

  /** @param names of the view's columns, in their order */
  of({ definition, sources }: Pick<ReadView, 'definition' | 'sources'>, names: readonly string[]): ViewEdge[] {
    const read = sources.filter(({ ofSystem }) => !ofSystem);
    const columns = this.#columns(definition, sources, names.length);
    const edges = new Map<number, { whole: ViewSource['whole']; pairs: Map<string, Set<string>> }>();
    for (const { whole } of read) edges.set(whole.oid, { whole, pairs: new Map() });
    columns.forEach(({ origins }, i) => {
      for (const { source, column, byRow } of origins?.values() ?? []) {
        const edge = edges.get(source.whole.oid);
        if (!edge || !(byRow || source.used?.includes(column))) continue;
        const from = edge.pairs.get(names[i]!) ?? new Set();
        edge.pairs.set(names[i]!, from.add(column));
      }
    });
    return [...edges.values()].map(({ whole, pairs }) => ({
      whole,
      columns: [...pairs].map(([to, from]) => ({ from: [...from], to })),
    }));
  }

  /** Nothing where the query cannot be understood. */
  #columns(definition: string, sources: readonly ViewSource[], count: number): readonly ResultColumn[] {
    try {
      const tree = this.#parse(definition);
      const [statement] = isNode(tree) ? listAt(tree, 'stmts') : [];
      const select = nodeAt(nodeAt(statement, 'stmt'), 'SelectStmt');
      const columns = select ? queryColumns(select, new Names(sources)) : [];
      return columns.length === count ? columns : [];
    } catch {
      // A later server may know a syntax that the parser does not: which tables are read is known all the same.
      return [];
    }
  }
}
