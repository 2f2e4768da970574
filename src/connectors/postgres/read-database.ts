import type { LineageRecord, NamePath } from '../../model/records.ts';
import type { SourceIssue } from '../source.ts';
import {
  type DatabaseRow,
  type SchemaRow,
  schemasQuery,
  type TableRow,
  type TypeRow,
  tablesQuery,
  typesQuery,
} from './catalogue-queries.ts';
import type { CatalogueSpool } from './catalogue-spool.ts';
import { schemaRecord } from './database-records.ts';
import type { PostgresSession } from './postgres-session.ts';
import { type ReadView, readViews } from './read-views.ts';
import { tableId } from './source-ids.ts';
import { tableRecord, typeNames } from './table-record.ts';
import { TypeCatalogue } from './type-catalogue.ts';
import { ViewLineage } from './view-lineage/view-lineage.ts';

export interface DatabaseReading {
  readonly service: string;
  readonly row: DatabaseRow;
  readonly spool: CatalogueSpool;
  readonly report: (issue: SourceIssue) => void;
  /** Told how many tables have been read. */
  readonly onTables: (read: number) => void;
  /** Told of each row-level security policy. */
  readonly onPolicy: (name: string) => void;
}

/** Reads what a database holds, in one transaction, into the spool. */
export async function readDatabase(session: PostgresSession, reading: DatabaseReading): Promise<void> {
  const { service, row, spool } = reading;
  const database: NamePath = [service, row.name];
  for (const schema of await session.rows<SchemaRow>(schemasQuery)) {
    spool.add(schemaRecord(schema, database, row.oid));
  }
  const types = new TypeCatalogue(await session.rows<TypeRow>(typesQuery));
  const lineage = await ViewLineage.load();
  for await (const tables of session.pages<TableRow>(tablesQuery)) {
    const views = await readViews(session, tables, (table, error) => {
      reading.report({
        outcome: 'failed',
        kind: 'lineage',
        reason: 'view-unreadable',
        name: `${row.name}.${table.schema}.${table.name}`,
        message: `The text of the view could not be read: ${error.message}`,
      });
    });
    for (const table of tables) {
      const view = views.get(table.oid);
      for (const policy of table.policies ?? []) reading.onPolicy(policy);
      const viewDefinition = view?.statement;
      spool.add(tableRecord({ row: table, database, databaseOid: row.oid, types, viewDefinition }));
      if (!view) continue;
      for (const [edge, from] of edgesOf(view, table, database, row.oid, lineage)) {
        spool.addEdge(edge, tableId(row.oid, from), edge.provenance.id);
      }
    }
    reading.onTables(tables.length);
  }
}

/** Edges from all that a view reads, with the columns that its own come from. */
function* edgesOf(
  view: ReadView,
  table: TableRow,
  database: NamePath,
  databaseOid: number,
  lineage: ViewLineage,
): Iterable<readonly [edge: LineageRecord, from: number]> {
  const names = (table.columns ?? []).map(({ name }) => name);
  for (const { whole, columns } of lineage.of(view, names)) {
    // A view over itself is none of a kind that PostgreSQL knows.
    if (whole.oid === table.oid) continue;
    const edge: LineageRecord = {
      kind: 'lineage',
      from: { kind: 'table', path: [...database, whole.schema, whole.name] },
      to: { kind: 'table', path: [...database, table.schema, table.name] },
      origin: 'ViewLineage',
      query: view.statement,
      columns,
      provenance: {
        id: tableId(databaseOid, table.oid),
        typeName: typeNames[table.kind],
        qualifiedName: `${database.at(-1)}.${table.schema}.${table.name}`,
      },
    };
    yield [edge, whole.oid];
  }
}
