import type { DataTypeShape, FieldShape } from '../../../model/records.ts';
import { parseHiveType } from '../hive-type.ts';

/** Type names of databases and of Trino in OpenMetadata's words, where they are not the same. */
const names: Readonly<Record<string, string>> = {
  ...same('TINYINT SMALLINT INT BIGINT FLOAT DOUBLE DECIMAL NUMERIC NUMBER BOOLEAN STRING TEXT CHAR VARCHAR'),
  ...same('BINARY VARBINARY DATE DATETIME TIME TIMESTAMP INTERVAL JSON UUID XML BLOB CLOB ENUM SET YEAR LONG'),
  ...same('BYTEA CIDR INET MACADDR TSVECTOR TSQUERY POINT POLYGON GEOMETRY GEOGRAPHY ROWID NTEXT IMAGE VARIANT'),
  ...same('MEDIUMTEXT MEDIUMBLOB LONGBLOB BYTEINT SUPER HLLSKETCH ARRAY MAP'),
  ...many('INT', 'integer int4 mediumint serial serial4 signed'),
  ...many('SMALLINT', 'int2 smallserial serial2'),
  ...many('BIGINT', 'int8 bigserial serial8'),
  ...many('FLOAT', 'float4 real binary_float smallfloat'),
  ...many('DOUBLE', 'float8 binary_double'),
  ...many('DECIMAL', 'dec fixed money smallmoney'),
  ...many('BOOLEAN', 'bool bit'),
  ...many('VARCHAR', 'varchar2 nvarchar nvarchar2 character_varying char_varying sysname'),
  ...many('CHAR', 'character nchar bpchar national_character'),
  ...many('TEXT', 'longtext tinytext citext long_varchar'),
  ...many('BINARY', 'varbit bit_varying object'),
  ...many('VARBINARY', 'raw long_raw binary_varying'),
  ...many('BLOB', 'tinyblob binary_large_object bfile'),
  ...many('CLOB', 'nclob character_large_object dbclob'),
  ...many('DATETIME', 'datetime2 smalldatetime'),
  ...many('TIMESTAMPZ', 'timestamptz datetimeoffset'),
  ...many('TIME', 'timetz'),
  ...many('INET', 'ipaddress'),
  ...many('JSON', 'jsonb'),
  ...many('UUID', 'uniqueidentifier'),
  ...many('STRUCT', 'row struct'),
  ...many('XML', 'xmltype'),
};

function same(words: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word) => [word.toLowerCase(), word]));
}

function many(word: string, from: string): Record<string, string> {
  // An underscore stands for itself or for a space.
  return Object.fromEntries(
    from.split(' ').flatMap((name) => [
      [name, word],
      [name.replaceAll('_', ' '), word],
    ]),
  );
}

/** OpenMetadata demands a length for these; 1 stands for an unknown one. */
const withLength = new Set(['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY']);
const withPrecision = new Set(['DECIMAL', 'NUMERIC', 'NUMBER']);

/** Deeper nesting than this is shown as text only. */
const deepest = 30;

/**
 * Parses a type text of a relational database or of Trino (`numeric(10,2)`, `timestamp(6) with time zone`,
 * `array(row(a bigint))`, `text[]`), Hive's forms included. What is unknown becomes `UNKNOWN`, its text kept.
 *
 * @param length the column's length where the source tells it apart from the type
 */
export function parseDatabaseType(text: string, length?: number): DataTypeShape {
  const display = text.trim().toLowerCase().replace(/\s+/g, ' ');
  const shape = display.includes('<') ? parseHiveType(text) : read(display, 0, length);
  return { ...(shape ?? { dataType: 'UNKNOWN' }), dataTypeDisplay: display || 'unknown' };
}

function read(text: string, depth: number, length?: number): DataTypeShape | undefined {
  if (depth > deepest) return undefined;
  if (text.endsWith('[]')) return arrayOf(text, read(text.slice(0, -2).trim(), depth + 1));
  const match = /^([a-z_][\w$ ]*?)\s*(?:\((.*)\))?\s*((?:with|without)[a-z ]*|unsigned.*|zerofill|identity.*)?$/s.exec(
    text,
  );
  if (!match) return undefined;
  const [, name = '', inner, suffix = ''] = match;
  if (name === 'array' && inner !== undefined) return arrayOf(text, read(inner.trim(), depth + 1));
  if ((name === 'row' || name === 'struct') && inner !== undefined) return rowOf(text, inner, depth);
  // A zone may stand behind the name or behind its bracket.
  const withZone = /\bwith (local )?time zone/.test(`${name} ${suffix}`);
  const plain = name.replace(/ (with|without) (local )?time zone$| unsigned$| zerofill$/, '').trim();
  const known = Object.hasOwn(names, plain) ? names[plain]! : precise(plain);
  if (known === undefined) return undefined;
  const dataType = withZone && known === 'TIMESTAMP' ? 'TIMESTAMPZ' : known;
  return { dataType, dataTypeDisplay: text, ...measures(dataType, numbersOf(inner), length) };
}

/** `double precision`, `interval day to second`, `bit varying` and the like. */
function precise(name: string): string | undefined {
  if (name === 'double precision') return 'DOUBLE';
  return name.startsWith('interval ') ? 'INTERVAL' : undefined;
}

function arrayOf(text: string, item: DataTypeShape | undefined): DataTypeShape {
  const children = item?.children;
  return {
    dataType: 'ARRAY',
    arrayDataType: item?.dataType ?? 'UNKNOWN',
    dataTypeDisplay: text,
    ...(children && { children }),
  };
}

function rowOf(text: string, inner: string, depth: number): DataTypeShape {
  const seen = new Set<string>();
  const children = split(inner).flatMap((field, i): FieldShape[] => {
    const named = /^("(?:[^"]|"")+"|[\w$]+)\s+(.+)$/s.exec(field);
    const name = named?.[1]?.replace(/^"|"$/g, '').replaceAll('""', '"') ?? `field${i}`;
    const type = (named?.[2] ?? field).trim();
    if (seen.has(name.toLowerCase())) return [];
    seen.add(name.toLowerCase());
    return [{ name, ...(read(type, depth + 1) ?? { dataType: 'UNKNOWN', dataTypeDisplay: type }) }];
  });
  return { dataType: 'STRUCT', dataTypeDisplay: text, children };
}

/** Parts between commas that stand in no bracket of their own. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '(') depth += 1;
    else if (text[i] === ')') depth -= 1;
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...parts, text.slice(from).trim()].filter((part) => part !== '');
}

function numbersOf(inner: string | undefined): number[] {
  return (inner ?? '')
    .split(',')
    .map((part) => (part.trim() === 'max' ? Number.NaN : Number.parseInt(part, 10)))
    .filter((n) => Number.isInteger(n) && n >= 0);
}

function measures(dataType: string, [first, second]: readonly number[], length?: number): Partial<DataTypeShape> {
  if (withPrecision.has(dataType)) {
    if (first === undefined) return {};
    // The server refuses a scale above the precision.
    return { precision: first, ...(second !== undefined && { scale: Math.min(first, second) }) };
  }
  if (withLength.has(dataType)) return { dataLength: first ?? (length !== undefined && length > 0 ? length : 1) };
  return {};
}
