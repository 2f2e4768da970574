import type { TypeClass } from '../../../profiler/sql/type-class.ts';

const classes: Readonly<Record<string, TypeClass>> = {
  tinyint: 'number',
  smallint: 'number',
  integer: 'number',
  int: 'number',
  bigint: 'number',
  real: 'number',
  double: 'number',
  decimal: 'number',
  number: 'number',
  varchar: 'text',
  char: 'text',
  date: 'dateTime',
  time: 'dateTime',
  'time with time zone': 'dateTime',
  timestamp: 'dateTime',
  'timestamp with time zone': 'dateTime',
  boolean: 'boolean',
  varbinary: 'binary',
  array: 'nested',
  map: 'nested',
  row: 'nested',
  json: 'nested',
  variant: 'nested',
};

/** Types beside those whose values can be told equal: sketches and shapes cannot. */
const otherComparable = new Set(['uuid', 'ipaddress', 'interval year to month', 'interval day to second']);

/** A type without length, precision and what is within it: `timestamp with time zone`, `row`. */
export function baseTypeOf(type: string): string {
  const [, name = '', zone = ''] = /^([a-z0-9_ ]+?)\s*(?:\(.*\))?(\s+with time zone)?$/is.exec(type.trim()) ?? [];
  return `${name.trim()}${zone && ' with time zone'}`.toLowerCase();
}

export function typeClassOf(baseType: string): { readonly typeClass: TypeClass; readonly comparable: boolean } {
  const typeClass = classes[baseType];
  if (typeClass !== undefined) return { typeClass, comparable: typeClass !== 'nested' };
  return { typeClass: 'other', comparable: otherComparable.has(baseType) };
}
