export interface GenerateOptions {
  readonly tables: number;
  /** Columns of each table. */
  readonly columns: number;
  /** Another seed gives other guids, names, types and labels. Default 1. */
  readonly seed?: number | undefined;
  /** Every so many tables, a process writes one from its predecessor (default 4, at least 2; 0: no lineage). */
  readonly lineageEvery?: number | undefined;
  /** Every so many tables, one has been changed since (another description); none unless set. */
  readonly changedEvery?: number | undefined;
  /** When they were changed (epoch milliseconds); the moment of making the store unless set. */
  readonly changedAt?: number | undefined;
}

/** What can be generated; the order is the order of the codes in guids. */
export const GENERATED_TYPES = ['hive_db', 'hive_table', 'hive_column', 'hive_process', 'hive_column_lineage'] as const;

export type GeneratedType = (typeof GENERATED_TYPES)[number];

const TABLES_A_DATABASE = 200;
/** Of every so many processes, one knows its columns. */
const COLUMN_LINEAGE_EVERY = 4;
const COLUMNS_IN_LINEAGE = 3;

const HIVE_TYPES = [
  'bigint',
  'string',
  'decimal(12,2)',
  'timestamp',
  'varchar(64)',
  'double',
  'date',
  'int',
  'array<string>',
  'map<string,bigint>',
  'struct<code:string,parts:array<struct<no:int,weight:double>>>',
  'boolean',
];

const WORDS = ['rye', 'crumb', 'crust', 'oven', 'flour', 'yeast', 'salt', 'seed', 'loaf', 'roll', 'dough', 'malt'];

/** All that is known about generated entities, by arithmetic from their index alone. */
export class GeneratedShape {
  readonly tables: number;
  readonly columns: number;
  readonly seed: number;
  changedAt: number;
  #changedEvery: number;
  readonly #every: number;
  readonly #step: number;

  /** @throws {RangeError} when a number is not a whole one, or there are more entities than a guid can count */
  constructor(options: GenerateOptions) {
    this.tables = whole('tables', options.tables, 0);
    this.columns = whole('columns', options.columns, 1);
    this.seed = whole('seed', options.seed ?? 1, 0);
    this.#changedEvery = whole('changedEvery', options.changedEvery ?? 0, 0);
    this.changedAt = options.changedAt ?? Date.now();
    this.#every = whole('lineageEvery', options.lineageEvery ?? 4, 0);
    if (this.tables * this.columns >= 2 ** 47) {
      throw new RangeError('More columns than guids');
    }
    this.#step = coprimeStep(this.columns);
  }

  count(type: GeneratedType): number {
    const processes = this.#every === 0 ? 0 : Math.floor(this.tables / Math.max(this.#every, 2));
    switch (type) {
      case 'hive_db':
        return Math.ceil(this.tables / TABLES_A_DATABASE);
      case 'hive_table':
        return this.tables;
      case 'hive_column':
        return this.tables * this.columns;
      case 'hive_process':
        return processes;
      default:
        return Math.ceil(processes / COLUMN_LINEAGE_EVERY) * this.columnsInLineage;
    }
  }

  /**
   * Changes a share of the tables now.
   * @throws {RangeError} for a share that is not above 0 and at most 1
   */
  change(share: number): void {
    if (!(share > 0 && share <= 1)) {
      throw new RangeError('A share is above 0 and at most 1');
    }
    this.#changedEvery = Math.max(1, Math.round(1 / share));
    this.changedAt = Math.max(Date.now(), this.changedAt + 1);
  }

  /** How many tables have been changed. */
  get changedTables(): number {
    return this.#changedEvery === 0 ? 0 : Math.ceil(this.tables / this.#changedEvery);
  }

  /** The table that is the nth of those. */
  changedTable(n: number): number {
    return n * this.#changedEvery;
  }

  isChanged(type: GeneratedType, index: number): boolean {
    return type === 'hive_table' && this.#changedEvery > 0 && index % this.#changedEvery === 0;
  }

  get columnsInLineage(): number {
    return Math.min(COLUMNS_IN_LINEAGE, this.columns);
  }

  databaseOf(table: number): number {
    return Math.floor(table / TABLES_A_DATABASE);
  }

  /** First and one-behind-last table of a database. */
  tablesOf(database: number): readonly [first: number, end: number] {
    return [database * TABLES_A_DATABASE, Math.min((database + 1) * TABLES_A_DATABASE, this.tables)];
  }

  databaseName(database: number): string {
    return `gen_${this.#word(database)}_${String(database).padStart(4, '0')}`;
  }

  tableName(table: number): string {
    return `${this.#word(table)}_${String(table).padStart(7, '0')}`;
  }

  /** Columns stand in rows that are not their positions, as on the real server. */
  positionOf(column: number): number {
    return ((column % this.columns) * this.#step + (this.seed % this.columns)) % this.columns;
  }

  /** The column of a table that has this position. */
  columnAt(table: number, position: number): number {
    for (let row = 0; row < this.columns; row += 1) {
      if (this.positionOf(row) === position) {
        return table * this.columns + row;
      }
    }
    throw new RangeError(`No position ${position}`);
  }

  columnName(position: number): string {
    return `${this.#word(position)}_${position}`;
  }

  typeOf(position: number, table: number): string {
    return HIVE_TYPES[(position * 5 + table * 3 + this.seed) % HIVE_TYPES.length] ?? 'string';
  }

  /** The table that a process writes; it reads the one before. */
  targetOf(process: number): number {
    return (process + 1) * Math.max(this.#every, 2) - 1;
  }

  /** The process that writes a table. */
  writerOf(table: number): number | undefined {
    return this.#processEnding(table);
  }

  /** The process that reads a table. */
  readerOf(table: number): number | undefined {
    return this.#processEnding(table + 1);
  }

  #processEnding(target: number): number | undefined {
    const process = (target + 1) / Math.max(this.#every, 2) - 1;
    return Number.isInteger(process) && process >= 0 && process < this.count('hive_process') ? process : undefined;
  }

  /** The process that a column lineage belongs to, and the position that it connects. */
  columnLineage(index: number): readonly [process: number, position: number] {
    return [Math.floor(index / this.columnsInLineage) * COLUMN_LINEAGE_EVERY, index % this.columnsInLineage];
  }

  /** Indexes of a process' column lineages. */
  columnLineagesOf(process: number): number[] {
    const first = (process / COLUMN_LINEAGE_EVERY) * this.columnsInLineage;
    return process % COLUMN_LINEAGE_EVERY === 0
      ? Array.from({ length: this.columnsInLineage }, (_, at) => first + at)
      : [];
  }

  /** Indexes of the column lineages that lead into a column. */
  columnLineagesInto(column: number): number[] {
    const writer = this.writerOf(Math.floor(column / this.columns));
    const position = this.positionOf(column);
    return writer === undefined
      ? []
      : this.columnLineagesOf(writer).filter((each) => this.columnLineage(each)[1] === position);
  }

  /** The classification on an entity, if any. */
  classificationOf(type: GeneratedType, index: number): string | undefined {
    if (type === 'hive_table') {
      return (index + this.seed) % 10 === 0 ? 'Fact' : undefined;
    }
    return type === 'hive_column' && (index + this.seed) % 13 === 0 ? 'PII_EMAIL' : undefined;
  }

  guid(type: GeneratedType, index: number): string {
    const kind = String(GENERATED_TYPES.indexOf(type)).padStart(4, '0');
    const seed = (this.seed >>> 0).toString(16).padStart(8, '0');
    return `${seed}-${kind}-4000-8000-${index.toString(16).padStart(12, '0')}`;
  }

  /** The entity that a guid stands for; undefined when it is not one of these. */
  ofGuid(guid: string): readonly [type: GeneratedType, index: number] | undefined {
    const [, seed, kind, tail] = /^([0-9a-f]{8})-(\d{4})-4000-8000-([0-9a-f]{12})$/.exec(guid) ?? [];
    const type = GENERATED_TYPES[Number(kind)];
    const index = Number.parseInt(tail ?? '', 16);
    if (type === undefined || Number.parseInt(seed ?? '', 16) !== this.seed >>> 0 || !(index < this.count(type))) {
      return undefined;
    }
    return [type, index];
  }

  #word(index: number): string {
    return WORDS[(index * 7 + this.seed) % WORDS.length] ?? 'rye';
  }
}

function whole(name: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number from ${least}, not ${value}`);
  }
  return value;
}

/** A step that visits every row of a table once. */
function coprimeStep(size: number): number {
  const divides = (one: number, other: number): number => (other === 0 ? one : divides(other, one % other));
  let step = Math.max(1, Math.floor(size * 0.618));
  while (divides(step, size) !== 1) {
    step += 1;
  }
  return step;
}
