import type { DataTypeShape, FieldShape } from '../../model/records.ts';
import { deepest, TypeText } from '../type-text.ts';

/** Trino's types in OpenMetadata's words. */
const words: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  integer: 'INT',
  int: 'INT',
  bigint: 'BIGINT',
  real: 'FLOAT',
  double: 'DOUBLE',
  decimal: 'DECIMAL',
  number: 'NUMBER',
  varchar: 'VARCHAR',
  char: 'CHAR',
  varbinary: 'VARBINARY',
  json: 'JSON',
  variant: 'VARIANT',
  date: 'DATE',
  time: 'TIME',
  'time with time zone': 'TIME',
  timestamp: 'TIMESTAMP',
  'timestamp with time zone': 'TIMESTAMPZ',
  'interval year to month': 'INTERVAL',
  'interval day to second': 'INTERVAL',
  uuid: 'UUID',
  ipaddress: 'INET',
  hyperloglog: 'HLLSKETCH',
  p4hyperloglog: 'HLLSKETCH',
  geometry: 'GEOMETRY',
  sphericalgeography: 'GEOGRAPHY',
  unknown: 'NULL',
  objectid: 'STRING',
};

/** A length that OpenMetadata demands; 1 stands for an unbounded or unknown one. */
const withLength = new Set(['CHAR', 'VARCHAR', 'VARBINARY']);

class TypeReader extends TypeText {
  /** One type. Text that is no type of Trino's throws. */
  type(depth: number): DataTypeShape {
    if (depth > deepest) throw new SyntaxError('nested too deep');
    const start = this.at;
    const name = this.#word();
    if (name === 'row') return this.shape(start, { dataType: 'STRUCT', children: this.#fields(depth) });
    if (name === 'array') {
      this.expect('(');
      const item = this.type(depth + 1);
      this.expect(')');
      const { children } = item;
      return this.shape(start, { dataType: 'ARRAY', arrayDataType: item.dataType, ...(children && { children }) });
    }
    if (name === 'map') {
      this.expect('(');
      this.type(depth + 1);
      this.expect(',');
      this.type(depth + 1);
      this.expect(')');
      return this.shape(start, { dataType: 'MAP' });
    }
    const inner = this.#bracket();
    const full = name + this.#suffix(name);
    // A type of a plugin, such as `qdigest(double)`: it is named as it stands.
    const dataType = Object.hasOwn(words, full) ? words[full]! : 'UNKNOWN';
    return this.shape(start, { dataType, ...measures(dataType, inner) });
  }

  /** `(a bigint, "b c" row(…), varchar)`: a name is followed by a type, a field without one by a comma. */
  #fields(depth: number): FieldShape[] {
    this.expect('(');
    const fields: FieldShape[] = [];
    const seen = new Set<string>();
    do {
      const name = this.#fieldName() ?? `field${fields.length}`;
      const field = { name, ...this.type(depth + 1) };
      // A struct may not name a field twice: the server would refuse the whole table.
      if (!seen.has(name.toLowerCase())) fields.push(field);
      seen.add(name.toLowerCase());
    } while (this.take(','));
    this.expect(')');
    return fields;
  }

  #fieldName(): string | undefined {
    this.space();
    const rest = this.text.slice(this.at);
    const quoted = /^"((?:[^"]|"")*)"\s+/.exec(rest);
    if (quoted) {
      this.at += quoted[0].length;
      return quoted[1]!.replaceAll('""', '"');
    }
    // A name without quotes ends before the type; in a field without a name, a bracket or comma follows the word, or the
    // rest of a type of several words.
    const plain = /^([\p{L}_][\p{L}\p{N}_$@]*)\s+(?=[\p{L}_"])/u.exec(rest);
    if (!plain || /^(?:interval (?:day|year) to|time(?:stamp)? with time zone)/i.test(rest)) return undefined;
    this.at += plain[0].length;
    return plain[1];
  }

  /** What stands between brackets: measures, or the type within a plugin's type. */
  #bracket(): string {
    if (!this.take('(')) return '';
    const start = this.at;
    for (let open = 1; open > 0; this.at += 1) {
      const character = this.text[this.at];
      if (character === undefined) throw new SyntaxError('a bracket is not closed');
      if (character === '(') open += 1;
      if (character === ')') open -= 1;
    }
    return this.text.slice(start, this.at - 1);
  }

  /** The rest of a type's name: ` with time zone`, ` day to second`. */
  #suffix(name: string): string {
    const more =
      name === 'interval' ? /^\s*(year\s+to\s+month|day\s+to\s+second)/i : /^\s*(with(?:out)?\s+time\s+zone)/i;
    const match = more.exec(this.text.slice(this.at));
    if (!match) return '';
    this.at += match[0].length;
    const suffix = match[1]!.toLowerCase().replace(/\s+/g, ' ');
    return suffix === 'without time zone' ? '' : ` ${suffix}`;
  }

  #word(): string {
    this.space();
    const match = /^(?:"[^"]+"|[\p{L}_][\p{L}\p{N}_]*)/u.exec(this.text.slice(this.at));
    if (!match) throw new SyntaxError('a type was expected');
    this.at += match[0].length;
    return match[0].toLowerCase();
  }
}

function measures(dataType: string, inner: string): Partial<DataTypeShape> {
  const [first, second] = inner.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : undefined));
  if (withLength.has(dataType)) return { dataLength: first || 1 };
  if (dataType !== 'DECIMAL' || first === undefined) return {};
  return { precision: first, ...(second !== undefined && { scale: Math.min(first, second) }) };
}

/**
 * A type as `information_schema` shows it (`row("a b" array(decimal(10,2)), varchar)`), in OpenMetadata's words with what
 * lies within. Text that is no type becomes `UNKNOWN` with the text kept: a column is never lost for its type.
 */
export function parseTrinoType(text: string): DataTypeShape {
  const display = text.trim().toLowerCase() || 'unknown';
  try {
    const reader = new TypeReader(text);
    const shape = reader.type(0);
    reader.end();
    return { ...shape, dataTypeDisplay: display };
  } catch {
    return { dataType: 'UNKNOWN', dataTypeDisplay: display };
  }
}
