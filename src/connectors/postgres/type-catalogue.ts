import type { DataTypeShape, FieldShape } from '../../model/records.ts';
import type { TypeRow } from './catalogue-queries.ts';

/** Types of PostgreSQL and of well-known extensions, in OpenMetadata's words. */
const words: Readonly<Record<string, string>> = {
  bool: 'BOOLEAN',
  int2: 'SMALLINT',
  int4: 'INT',
  int8: 'BIGINT',
  oid: 'BIGINT',
  xid: 'BIGINT',
  cid: 'BIGINT',
  xid8: 'NUMERIC',
  float4: 'FLOAT',
  float8: 'DOUBLE',
  numeric: 'NUMERIC',
  money: 'MONEY',
  char: 'CHAR',
  bpchar: 'CHAR',
  varchar: 'VARCHAR',
  name: 'VARCHAR',
  text: 'TEXT',
  citext: 'TEXT',
  ltree: 'STRING',
  lquery: 'STRING',
  ltxtquery: 'STRING',
  jsonpath: 'STRING',
  refcursor: 'STRING',
  tid: 'STRING',
  bytea: 'BYTEA',
  date: 'DATE',
  time: 'TIME',
  timetz: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPZ',
  interval: 'INTERVAL',
  uuid: 'UUID',
  json: 'JSON',
  jsonb: 'JSON',
  xml: 'XML',
  hstore: 'MAP',
  inet: 'INET',
  cidr: 'CIDR',
  macaddr: 'MACADDR',
  macaddr8: 'MACADDR',
  bit: 'BIT',
  varbit: 'BIT',
  tsvector: 'TSVECTOR',
  tsquery: 'TSQUERY',
  pg_lsn: 'PG_LSN',
  pg_snapshot: 'PG_SNAPSHOT',
  txid_snapshot: 'TXID_SNAPSHOT',
  point: 'POINT',
  polygon: 'POLYGON',
  geometry: 'GEOMETRY',
  geography: 'GEOGRAPHY',
  box2d: 'GEOMETRY',
  box3d: 'GEOMETRY',
  raster: 'BLOB',
  hll: 'HLL',
};

/** What is left is told by PostgreSQL's own categories of types. */
const wordOfCategory: Readonly<Record<string, string>> = {
  B: 'BOOLEAN',
  D: 'DATETIME',
  E: 'ENUM',
  G: 'GEOMETRY',
  I: 'INET',
  N: 'NUMERIC',
  S: 'STRING',
  T: 'INTERVAL',
  V: 'BIT',
};

/** Vectors of extensions, which are arrays in all but name. */
const vectors: ReadonlySet<string> = new Set(['vector', 'halfvec']);

/** Composite types in composite types, and so on: deeper than this nobody reads them. */
const maxDepth = 10;

/** Types of one database. */
export class TypeCatalogue {
  readonly #types: ReadonlyMap<number, TypeRow>;

  constructor(rows: readonly TypeRow[]) {
    this.#types = new Map(rows.map((row) => [row.oid, row]));
  }

  /** Whether a domain, or one that it is made of, takes no null. */
  isNotNull(oid: number): boolean {
    const type = this.#types.get(oid);
    return type?.kind === 'd' && (type.notNull || this.isNotNull(type.base));
  }

  /** @param display as `format_type` has it */
  shapeOf(oid: number, modifier: number, display: string, depth = 0): DataTypeShape {
    const type = this.#types.get(oid);
    const dataTypeDisplay = display.toLowerCase();
    // The row type of a table, which is read with the table.
    if (!type) {
      const isArray = display.endsWith('[]');
      return { dataType: isArray ? 'ARRAY' : 'STRUCT', ...(isArray && { arrayDataType: 'STRUCT' }), dataTypeDisplay };
    }
    if (type.kind === 'd') {
      const inner = this.shapeOf(type.base, modifier < 0 ? type.modifier : modifier, display, depth);
      return { ...inner, dataTypeDisplay };
    }
    if (type.category === 'A' && type.element !== 0) {
      const inner = this.shapeOf(type.element, modifier, display.replace(/(\[\])+$/, ''), depth);
      return {
        dataType: 'ARRAY',
        arrayDataType: inner.dataType,
        dataTypeDisplay,
        ...(inner.children && { children: inner.children }),
      };
    }
    if (type.kind === 'c') {
      return { dataType: 'STRUCT', dataTypeDisplay, children: this.#fieldsOf(type, depth) };
    }
    return { ...this.#plain(type, modifier), dataTypeDisplay };
  }

  #fieldsOf({ fields }: TypeRow, depth: number): FieldShape[] {
    if (depth >= maxDepth) return [];
    return (fields ?? []).map(({ name, type, modifier, display, description }) => ({
      name,
      ...this.shapeOf(type, modifier, display, depth + 1),
      ...(description && { description }),
    }));
  }

  #plain(type: TypeRow, modifier: number): Omit<DataTypeShape, 'dataTypeDisplay'> {
    const { name, kind, category } = type;
    if (kind === 'e') return { dataType: 'ENUM' };
    // A pair of bounds, for which there is a word only where they are times.
    if (kind === 'r') return { dataType: rangeWord(type.boundCategory === 'D') };
    if (kind === 'm') return { dataType: 'ARRAY', arrayDataType: rangeWord(/^(date|ts|tstz)multirange$/.test(name)) };
    if (vectors.has(name)) return { dataType: 'ARRAY', arrayDataType: 'FLOAT' };
    if (/^reg/.test(name) && category === 'N') return { dataType: 'STRING' };
    const dataType = (Object.hasOwn(words, name) ? words[name] : wordOfCategory[category]) ?? 'UNKNOWN';
    if (name === 'numeric' && modifier >= 4) return { dataType, ...numericShape(modifier - 4) };
    if (name === 'name') return { dataType, dataLength: 63 };
    if (name === 'char') return { dataType, dataLength: 1 };
    if ((name === 'varchar' || name === 'bpchar') && modifier >= 4) return { dataType, dataLength: modifier - 4 };
    return { dataType };
  }
}

function rangeWord(ofTimes: boolean): string {
  return ofTimes ? 'DATETIMERANGE' : 'TUPLE';
}

/** Precision in the upper half, scale in eleven bits with a sign. A scale outside of the precision is left out. */
function numericShape(modifier: number): { readonly precision: number; readonly scale?: number } {
  const precision = (modifier >> 16) & 0xffff;
  const scale = ((modifier & 0x7ff) ^ 1024) - 1024;
  return { precision, ...(scale >= 0 && scale <= precision && { scale }) };
}
