import type { TypeClass } from '../../../profiler/sql/type-class.ts';

const byName: Readonly<Record<string, TypeClass>> = {
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'number',
  date: 'dateTime',
  time: 'dateTime',
  timetz: 'dateTime',
  timestamp: 'dateTime',
  timestamptz: 'dateTime',
  bool: 'boolean',
  bytea: 'binary',
  json: 'nested',
  jsonb: 'nested',
  xml: 'nested',
  hstore: 'nested',
  char: 'other',
};

/** By `pg_type.typcategory`: arrays, composites and ranges; strings, of extensions too. */
const byCategory: Readonly<Record<string, TypeClass>> = { A: 'nested', C: 'nested', R: 'nested', S: 'text' };

/** @param name `pg_type.typname` of the type that a domain rests on */
export function typeClassOf(name: string, category: string): TypeClass {
  return byName[name] ?? byCategory[category] ?? 'other';
}
