/**
 * Ids of what is read: the oids of the database and of the thing within it, which stay when it is renamed. A database that
 * was restored from a dump has others; its tables are then known by their names.
 */
export type SourceId =
  | { readonly kind: 'database'; readonly database: number }
  | { readonly kind: 'schema' | 'table'; readonly database: number; readonly oid: number };

export const databaseId = (database: number): string => `database:${database}`;
export const schemaId = (database: number, oid: number): string => `schema:${database}.${oid}`;
export const tableId = (database: number, oid: number): string => `table:${database}.${oid}`;

/** Undefined for what is no id of this source. */
export function parseSourceId(id: string): SourceId | undefined {
  const [, kind, database, oid] = /^(database|schema|table):(\d+)(?:\.(\d+))?$/.exec(id) ?? [];
  if (kind === 'database' && oid === undefined) return { kind, database: Number(database) };
  if (kind === 'database' || kind === undefined || oid === undefined) return undefined;
  return { kind: kind as 'schema' | 'table', database: Number(database), oid: Number(oid) };
}
