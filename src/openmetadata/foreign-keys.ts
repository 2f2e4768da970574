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

/** Tables whose columns are remembered: what a table refers to was mostly put not long before it. */
const remembered = 5_000;

/**
 * Foreign keys whose other table (which may be the table itself) is not there yet. Newer servers refuse a table with such
 * a key, so it is put without, and once more when the other table was put.
 */
export class ForeignKeys {
  readonly #columnsOf: ColumnsOf;
  /** Columns of the tables that were put or looked at last, the oldest first. */
  readonly #known = new Map<string, ReadonlySet<string>>();
  /** Tables that wait, by the table that they wait for. */
  readonly #waiting = new Map<string, Map<string, DesiredAsset>>();

  constructor(columnsOf: ColumnsOf) {
    this.#columnsOf = columnsOf;
  }

  /** @param coming FQNs of tables that are put together with this one, and so are not there before it */
  async usable(asset: DesiredAsset, coming: ReadonlySet<string> = new Set()): Promise<UsableTable> {
    const looked = new Map<string, ReturnType<ColumnsOf>>();
    return withoutMissing(asset, async (table) => {
      if (coming.has(table)) return undefined;
      const known = this.#known.get(table);
      if (known) return known;
      const columns = looked.get(table) ?? this.#columnsOf(table);
      looked.set(table, columns);
      const found = await columns;
      if (found) this.#remember(table, found);
      return found;
    });
  }

  /** Whether one of the tables that a table waits for is known to be there, with the columns that are referred to. */
  async hasCome(asset: DesiredAsset, waitsFor: readonly string[]): Promise<boolean> {
    const known: ColumnsOf = async (table) => (waitsFor.includes(table) ? this.#known.get(table) : undefined);
    for (const constraint of constraintsOf(asset)) {
      if (constraint.referredColumns?.length && (await firstMissing(constraint, known)) === undefined) return true;
    }
    return false;
  }

  /** A table is there now. */
  arrived({ entityType, fqn, columns }: DesiredAsset): void {
    if (entityType === 'table') this.#remember(fqn, new Set(columns?.map(({ name }) => name)));
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

  #remember(table: string, columns: ReadonlySet<string>): void {
    this.#known.delete(table);
    this.#known.set(table, columns);
    if (this.#known.size <= remembered) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }
}

function constraintsOf({ attributes }: DesiredAsset): readonly TableConstraint[] {
  return (attributes?.['tableConstraints'] as readonly TableConstraint[] | undefined) ?? [];
}

async function withoutMissing(asset: DesiredAsset, columnsOf: ColumnsOf): Promise<UsableTable> {
  const constraints = constraintsOf(asset);
  if (!constraints.some(({ referredColumns }) => referredColumns?.length)) return { asset, waitsFor: [] };
  const kept: TableConstraint[] = [];
  const waitsFor = new Set<string>();
  for (const constraint of constraints) {
    const missing = await firstMissing(constraint, columnsOf);
    if (missing === undefined) kept.push(constraint);
    else waitsFor.add(missing);
  }
  const attributes = { ...asset.attributes, tableConstraints: kept };
  return { asset: waitsFor.size === 0 ? asset : { ...asset, attributes }, waitsFor: [...waitsFor] };
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
