import type { Measure } from './measures.ts';
import type { PlannedQuery } from './plan-profile.ts';
import type { CountingMethod } from './sql-dialect.ts';

/** How often values occur: of the sampled ones only, where so counted. */
export interface Frequency {
  readonly distinct: number;
  /** Values that occur once. */
  readonly once: number;
  readonly counting: CountingMethod;
}

/** What the database said of one column. */
export interface MeasuredColumn {
  readonly measures: Map<Measure, unknown>;
  frequency?: Frequency;
  /** By the database's own approximation. */
  approximateDistinct?: number;
  /** Values in each bin, by its number from 1 on. */
  bins?: Map<number, number>;
}

/** What the database said of a table; filled by one answer after the other. */
export class MeasuredTable {
  rows = 0;
  wholeRows: number | undefined;
  readonly #columns = new Map<string, MeasuredColumn>();

  column(name: string): MeasuredColumn {
    let column = this.#columns.get(name);
    if (!column) {
      column = { measures: new Map() };
      this.#columns.set(name, column);
    }
    return column;
  }

  /** Takes in the only row of an answer. */
  take({ slots }: PlannedQuery, row: readonly unknown[]): void {
    for (const [at, slot] of slots.entries()) {
      const value = row[at];
      switch (slot.kind) {
        case 'rows':
          this.rows = Number(value);
          break;
        case 'wholeRows':
          this.wholeRows = Number(value);
          break;
        case 'measure':
          this.column(slot.column).measures.set(slot.measure, value);
          break;
        case 'quartiles':
          for (const [position, ...quartiles] of (value ?? []) as readonly (readonly unknown[])[]) {
            this.column(slot.columns[Number(position)]!).measures.set('quartiles', quartiles);
          }
          break;
        case 'approximateDistinct':
          this.column(slot.column).approximateDistinct = Number(value);
          break;
        case 'frequencies':
          for (const [name, [triple]] of byColumn(slot.columns, value)) {
            const [distinct, once] = triple ?? [0, 0];
            const column = this.column(name);
            const nulls = slot.withNull ? this.rows - Number(column.measures.get('values')) : 0;
            column.frequency = {
              distinct: distinct - (nulls > 0 ? 1 : 0),
              once: once - (nulls === 1 ? 1 : 0),
              counting: slot.counting,
            };
          }
          break;
        case 'histograms':
          for (const [name, counts] of byColumn(slot.columns, value)) this.column(name).bins = new Map(counts);
          break;
      }
    }
  }
}

/** Triples by the column that they are about; an empty list where there are none. */
function byColumn(columns: readonly string[], value: unknown): Map<string, (readonly [number, number])[]> {
  const found = new Map<string, (readonly [number, number])[]>(columns.map((name) => [name, []]));
  for (const [position, first, second] of (value ?? []) as readonly (readonly unknown[])[]) {
    found.get(columns[Number(position)]!)!.push([Number(first), Number(second)]);
  }
  return found;
}
