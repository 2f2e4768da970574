import { buildFqn, splitFqn } from '../model/fqn.ts';
import type { DesiredAsset } from '../reconcile/target-asset.ts';
import type { TableConstraint } from './entities.ts';

/** Names of the columns of a table as it is stored; undefined where there is no such table. */
export type ColumnsOf = (tableFqn: string) => Promise<ReadonlySet<string> | undefined>;

export interface UsableTable {
  /** Without the foreign keys that cannot be put now. */
  readonly asset: DesiredAsset;
  /** FQNs of the tables that those point to. */
  readonly waitsFor: readonly string[];
}

/**
 * Foreign keys whose other table (which may be the table itself) is not there yet. Newer servers refuse a table with such
 * a key, so it is put without, and once more when the other table was put.
 */
export class ForeignKeys {
  readonly #columnsOf: ColumnsOf;
  /** Tables that wait, by the table that they wait for. */
  readonly #waiting = new Map<string, Map<string, DesiredAsset>>();

  constructor(columnsOf: ColumnsOf) {
    this.#columnsOf = columnsOf;
  }

  async usable(asset: DesiredAsset): Promise<UsableTable> {
    const constraints = asset.attributes?.['tableConstraints'] as readonly TableConstraint[] | undefined;
    if (!constraints?.some(({ referredColumns }) => referredColumns?.length)) return { asset, waitsFor: [] };
    const kept: TableConstraint[] = [];
    const waitsFor = new Set<string>();
    const looked = new Map<string, ReturnType<ColumnsOf>>();
    const columnsOf: ColumnsOf = (table) => {
      const columns = looked.get(table) ?? this.#columnsOf(table);
      looked.set(table, columns);
      return columns;
    };
    for (const constraint of constraints) {
      const missing = await firstMissing(constraint, columnsOf);
      if (missing === undefined) kept.push(constraint);
      else waitsFor.add(missing);
    }
    const attributes = { ...asset.attributes, tableConstraints: kept };
    return { asset: waitsFor.size === 0 ? asset : { ...asset, attributes }, waitsFor: [...waitsFor] };
  }

  /** The table shall be put again once these are there. */
  wait(asset: DesiredAsset, tables: readonly string[]): void {
    for (const table of tables) {
      const waiting = this.#waiting.get(table) ?? new Map<string, DesiredAsset>();
      waiting.set(asset.fqn, asset);
      this.#waiting.set(table, waiting);
    }
  }

  /** The tables that waited for this one; they wait no longer. */
  released(fqn: string): readonly DesiredAsset[] {
    const waiting = this.#waiting.get(fqn);
    this.#waiting.delete(fqn);
    return [...(waiting?.values() ?? [])];
  }
}

/** FQN of the table that a constraint waits for; undefined when nothing is missing. */
async function firstMissing(
  { referredColumns = [] }: TableConstraint,
  columnsOf: ColumnsOf,
): Promise<string | undefined> {
  for (const column of referredColumns) {
    const path = splitFqn(column);
    const table = buildFqn(path.slice(0, -1));
    if (!(await columnsOf(table))?.has(path.at(-1)!)) return table;
  }
  return undefined;
}
