import type { DatabaseRecord, DatabaseSchemaRecord, NamePath } from '../../model/records.ts';
import type { DatabaseRow, SchemaRow } from './catalogue-queries.ts';
import { databaseId, schemaId } from './source-ids.ts';

/** PostgreSQL’s way to name a role that is no longer there. */
const noRole = /^unknown \(OID=\d+\)$/;

export function ownerOf(role: string): string | undefined {
  return noRole.test(role) ? undefined : role;
}

const words = ({ owner, description }: Pick<DatabaseRow, 'owner' | 'description'>) => {
  const known = ownerOf(owner);
  return { ...(description && { description }), ...(known !== undefined && { owner: known }), tags: [] };
};

export function databaseRecord(row: DatabaseRow, service: string): DatabaseRecord {
  return {
    kind: 'database',
    path: [service, row.name],
    provenance: { id: databaseId(row.oid), typeName: 'postgres_database', qualifiedName: row.name },
    ...words(row),
  };
}

/** @param database of the service and the database */
export function schemaRecord(row: SchemaRow, database: NamePath, databaseOid: number): DatabaseSchemaRecord {
  return {
    kind: 'databaseSchema',
    path: [...database, row.name],
    provenance: {
      id: schemaId(databaseOid, row.oid),
      typeName: 'postgres_schema',
      qualifiedName: `${database.at(-1)}.${row.name}`,
    },
    ...words(row),
  };
}
