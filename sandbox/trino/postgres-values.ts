/** PostgreSQL's types by their number, as Trino names them. */
const typeNames: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'varbinary',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'varchar',
  700: 'real',
  701: 'double',
  1042: 'char(1)',
  1043: 'varchar',
  1082: 'date',
  1083: 'time(6)',
  1114: 'timestamp(6)',
  1184: 'timestamp(6) with time zone',
  1700: 'decimal(38,10)',
  2950: 'uuid',
  114: 'json',
  1016: 'array(bigint)',
  1007: 'array(integer)',
  1022: 'array(double)',
  1231: 'array(decimal(38,10))',
};

export function trinoTypeOf(oid: number): string {
  return typeNames[oid] ?? 'varchar';
}

/** A value as the protocol's JSON has it: numbers that JSON lacks, decimals, dates and times are text. */
export function trinoValue(text: string | null, oid: number): unknown {
  if (text === null) return null;
  const type = trinoTypeOf(oid);
  // Arrays of numbers, also within each other: PostgreSQL tells them by braces.
  if (type.startsWith('array'))
    return JSON.parse(
      text
        .replaceAll('{', '[')
        .replaceAll('}', ']')
        .replace(/NULL/g, 'null')
        .replace(/-?(NaN|Infinity)/g, '"$&"'),
    );
  switch (type) {
    case 'boolean':
      return text === 't';
    case 'bigint':
    case 'integer':
    case 'smallint':
      return Number(text);
    case 'real':
    case 'double':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'varbinary':
      return Buffer.from(text.slice(2), 'hex').toString('base64');
    case 'timestamp(6) with time zone':
      return text.replace(/\+00$/, ' UTC');
    default:
      return text;
  }
}
