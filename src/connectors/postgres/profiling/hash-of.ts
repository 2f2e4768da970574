import type { PostgresColumn } from './postgres-dialect.ts';

/** Hash functions of PostgreSQL's own types, 64 bits; equal values have equal hashes. */
const functions: Readonly<Record<string, string>> = {
  int2: 'hashint2extended',
  int4: 'hashint4extended',
  int8: 'hashint8extended',
  float4: 'hashfloat4extended',
  float8: 'hashfloat8extended',
  numeric: 'hash_numeric_extended',
  text: 'hashtextextended',
  varchar: 'hashtextextended',
  bpchar: 'hashbpcharextended',
  timestamp: 'timestamp_hash_extended',
  time: 'time_hash_extended',
  uuid: 'uuid_hash_extended',
};

/** The hash of a column's value as a `bigint`; null of null. */
export function hashOf({ name, baseType, hashable }: PostgresColumn): string {
  const column = `"${name.replaceAll('"', '""')}"`;
  const known = functions[baseType];
  if (known) return `${known}(${column}, 0)`;
  // Any type that can be hashed at all, as the only field of a row; the null in a row has a hash too.
  if (hashable) return `CASE WHEN ${column} IS NOT NULL THEN hash_record_extended(ROW(${column}), 0) END`;
  return `hashtextextended(${column}::text, 0)`;
}
