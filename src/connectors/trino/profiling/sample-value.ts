import type { SqlColumn } from '../../../profiler/sql/sql-dialect.ts';
import { quoteName, quoteText } from '../sql-text.ts';

/** Types that Trino makes JSON of, also within others. */
const castsToJson = new Set(
  'boolean tinyint smallint integer bigint real double decimal varchar json timestamp date unknown array map row'.split(
    ' ',
  ),
);

/** A value of a sample of rows, as text that loses nothing but what is too long. */
export function sampleValue(column: SqlColumn, longest: number): string {
  const { name, type, typeClass, baseType, comparable } = column;
  const value = quoteName(name);
  switch (typeClass) {
    case 'boolean':
      return value;
    case 'number':
      return `CAST(${value} AS varchar)`;
    case 'dateTime':
      return baseType.startsWith('time ') || baseType === 'time' ? `CAST(${value} AS varchar)` : `to_iso8601(${value})`;
    case 'binary': {
      const bytes = longest / 2;
      const hex = (data: string): string => `concat('\\x', lower(to_hex(${data})))`;
      const cut = `concat(${hex(`substr(${value}, 1, ${bytes})`)}, '… (', CAST(length(${value}) AS varchar), ' bytes)')`;
      return `CASE WHEN length(${value}) > ${bytes} THEN ${cut} WHEN ${value} IS NOT NULL THEN ${hex(value)} END`;
    }
    case 'nested':
      return isJsonable(type) ? shortened(`json_format(CAST(${value} AS json))`, longest) : notShown(value, type);
    default:
      // Sketches and shapes have no text.
      return typeClass === 'text' || comparable
        ? shortened(`CAST(${value} AS varchar)`, longest)
        : notShown(value, type);
  }
}

function shortened(text: string, longest: number): string {
  const cut = `concat(substr(${text}, 1, ${longest}), '… (', CAST(length(${text}) AS varchar), ' characters)')`;
  return `CASE WHEN length(${text}) > ${longest} THEN ${cut} ELSE ${text} END`;
}

function notShown(value: string, type: string): string {
  return `CASE WHEN ${value} IS NOT NULL THEN ${quoteText(`(${type})`)} END`;
}

/** Names of fields are taken for types too: then a value is not shown that could be, and no query is refused. */
function isJsonable(type: string): boolean {
  const withoutNames = type.replace(/([(,]\s*)(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_]*)\s+(?=[\p{L}_])/gu, '$1');
  const words = withoutNames.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  return words.every((word) => castsToJson.has(word.toLowerCase()));
}
