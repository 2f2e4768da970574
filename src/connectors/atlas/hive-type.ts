import type { DataTypeShape, FieldShape } from '../../model/records.ts';
import { deepest, TypeText } from '../type-text.ts';

/** Hive's primitive type names in OpenMetadata's words. */
const primitives: Readonly<Record<string, string>> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INT',
  integer: 'INT',
  bigint: 'BIGINT',
  long: 'BIGINT',
  float: 'FLOAT',
  real: 'FLOAT',
  double: 'DOUBLE',
  'double precision': 'DOUBLE',
  decimal: 'DECIMAL',
  dec: 'DECIMAL',
  numeric: 'NUMERIC',
  boolean: 'BOOLEAN',
  string: 'STRING',
  text: 'TEXT',
  varchar: 'VARCHAR',
  char: 'CHAR',
  binary: 'BINARY',
  date: 'DATE',
  datetime: 'DATETIME',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  'timestamp with local time zone': 'TIMESTAMPZ',
  'timestamp with time zone': 'TIMESTAMPZ',
  'timestamp without time zone': 'TIMESTAMP',
  timestamplocaltz: 'TIMESTAMPZ',
  timestamp_ltz: 'TIMESTAMPZ',
  timestamp_ntz: 'TIMESTAMP',
  interval: 'INTERVAL',
  interval_day_time: 'INTERVAL',
  interval_year_month: 'INTERVAL',
  void: 'NULL',
  json: 'JSON',
  uuid: 'UUID',
};

const nested = new Set(['array', 'map', 'struct', 'row', 'uniontype']);

/** OpenMetadata demands a length for these; 1 stands for an unknown one. */
const withLength = new Set(['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY']);

class TypeReader extends TypeText {
  /** Reads one type; throws on text that is no Hive type. */
  type(depth: number): DataTypeShape {
    if (depth > deepest) throw new SyntaxError('nested too deep');
    const start = this.at;
    const word = this.#words();
    if (word === 'array') {
      if (!this.take('<')) return this.shape(start, { dataType: 'ARRAY', arrayDataType: 'UNKNOWN' });
      const item = this.type(depth + 1);
      this.expect('>');
      const children = item.children;
      return this.shape(start, { dataType: 'ARRAY', arrayDataType: item.dataType, ...(children && { children }) });
    }
    if (word === 'map') {
      if (!this.take('<')) return this.shape(start, { dataType: 'MAP' });
      this.type(depth + 1);
      this.expect(',');
      this.type(depth + 1);
      this.expect('>');
      return this.shape(start, { dataType: 'MAP' });
    }
    if (word === 'uniontype') {
      this.expect('<');
      do this.type(depth + 1);
      while (this.take(','));
      this.expect('>');
      return this.shape(start, { dataType: 'UNION' });
    }
    if (word === 'struct' || word === 'row') return this.#struct(start, depth);
    const dataType = Object.hasOwn(primitives, word) ? primitives[word] : undefined;
    if (dataType === undefined) throw new SyntaxError(`no type ${word}`);
    const numbers = this.#numbers();
    return this.shape(start, { dataType, ...measures(dataType, numbers) });
  }

  #struct(start: number, depth: number): DataTypeShape {
    if (!this.take('<')) return this.shape(start, { dataType: 'STRUCT', children: [] });
    const children: FieldShape[] = [];
    if (!this.take('>')) {
      do {
        const name = this.#fieldName();
        this.expect(':');
        children.push({ name, ...this.type(depth + 1) });
        this.#comment(children);
      } while (this.take(','));
      this.expect('>');
    }
    return this.shape(start, { dataType: 'STRUCT', children: distinct(children) });
  }

  /** `comment 'text'` behind a struct's field. */
  #comment(children: FieldShape[]): void {
    const match = /^\s*comment\s+'((?:[^'\\]|\\.)*)'/i.exec(this.text.slice(this.at, this.at + 2_000));
    if (!match) return;
    this.at += match[0].length;
    const last = children.pop()!;
    children.push({ ...last, description: match[1]!.replace(/\\(.)/g, '$1') });
  }

  /** A type's name, such as `timestamp with local time zone`. */
  #words(): string {
    this.space();
    const match = /^[a-z_][a-z0-9_]*(?:\s+(?:with|without|local|time|zone|precision))*/i.exec(
      this.text.slice(this.at, this.at + 100),
    );
    if (!match) throw new SyntaxError('a type was expected');
    this.at += match[0].length;
    return match[0].toLowerCase().replace(/\s+/g, ' ');
  }

  #fieldName(): string {
    this.space();
    if (this.text[this.at] === '`') return this.#quotedName();
    // A name may hold colons itself: it ends where a type follows, or else at the last colon before the next field.
    let end = this.text.indexOf(':', this.at);
    for (let next = end; next >= 0; next = this.text.indexOf(':', next + 1)) {
      if (/[<>,]/.test(this.text.slice(end, next))) break;
      end = next;
      if (startsType(this.text.slice(next + 1, next + 100))) break;
    }
    if (end <= this.at) throw new SyntaxError('a field name was expected');
    const name = this.text.slice(this.at, end).trim();
    this.at = end;
    return name;
  }

  /** Between back-quotes; a doubled one stands for itself. */
  #quotedName(): string {
    const match = /^`((?:[^`]|``)*)`/.exec(this.text.slice(this.at, this.at + 1_000));
    if (!match?.[1]) throw new SyntaxError('a back-quoted name was expected');
    this.at += match[0].length;
    return match[1].replaceAll('``', '`');
  }

  #numbers(): number[] {
    if (!this.take('(')) return [];
    const end = this.text.indexOf(')', this.at);
    if (end < 0) throw new SyntaxError('a bracket is not closed');
    const numbers = this.text.slice(this.at, end).split(',').map(Number);
    this.at = end + 1;
    return numbers;
  }
}

/** Whether a known type's name comes next. */
function startsType(text: string): boolean {
  const word = /^\s*([a-z_][a-z0-9_]*)\s*(?=[(<>,]|$|\s(?:with|comment|precision)\b)/i.exec(text)?.[1]?.toLowerCase();
  return word !== undefined && (Object.hasOwn(primitives, word) || nested.has(word));
}

function measures(dataType: string, numbers: readonly number[]): Partial<DataTypeShape> {
  const [first, second] = numbers.filter((n) => Number.isInteger(n) && n >= 0);
  if (dataType === 'DECIMAL' || dataType === 'NUMERIC') {
    if (first === undefined) return {};
    // The server refuses a scale above the precision.
    return { precision: first, ...(second !== undefined && { scale: Math.min(first, second) }) };
  }
  if (withLength.has(dataType)) return { dataLength: first ?? 1 };
  return {};
}

/** A struct may not name a field twice; the server would refuse the whole table. */
function distinct(children: readonly FieldShape[]): FieldShape[] {
  const seen = new Set<string>();
  return children.filter(({ name }) => {
    const key = name.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * Parses a Hive type text into OpenMetadata's words. Text that is no Hive type becomes `UNKNOWN` with the text kept as
 * display: a column is never lost for its type.
 */
export function parseHiveType(text: string): DataTypeShape {
  const display = text.trim().toLowerCase();
  try {
    const reader = new TypeReader(text);
    const shape = reader.type(0);
    reader.end();
    return { ...shape, dataTypeDisplay: display };
  } catch {
    return { dataType: 'UNKNOWN', dataTypeDisplay: display || 'unknown' };
  }
}
