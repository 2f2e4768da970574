import type { AssetRow, EdgeRow, JournalRow } from '../state-rows.ts';
import type { Scalar, Value } from './postgres-database.ts';
import { StatementBatch } from './statement-batch.ts';

export const assetColumns = 'entity_type, fqn, source_id, target_id, target_version, source_hash, data';
export const edgeColumns = 'to_type, to_fqn, from_type, from_fqn, source_hash, data';

/** Sends a statement whose first value is the pipeline. */
type Rows = <Row>(sql: string, ...values: Value[]) => Promise<Row[]>;

/** What a run reads and writes row by row: those that it wants in the same moment share a statement. */
export class RowStatements {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  readAsset(key: Buffer): Promise<AssetRow | undefined> {
    return this.#assetReads.add(key.toString('hex'), key);
  }

  writeAsset(key: Buffer, row: AssetRow): Promise<void> {
    return this.#assetWrites.add(key.toString('hex'), { key, row });
  }

  readEdge(key: Buffer): Promise<EdgeRow | undefined> {
    return this.#edgeReads.add(key.toString('hex'), key);
  }

  writeEdge(key: Buffer, row: EdgeRow): Promise<void> {
    return this.#edgeWrites.add(key.toString('hex'), { key, row });
  }

  writeJournal(row: JournalRow): Promise<void> {
    return this.#journalWrites.add(`${row.run_id} ${row.sequence}`, row);
  }

  readonly #assetReads = this.#reads<AssetRow>(`${assetColumns} FROM meridian.assets`);
  readonly #edgeReads = this.#reads<EdgeRow>(`${edgeColumns} FROM meridian.edges`);

  readonly #assetWrites = this.#writes<{ key: Buffer; row: AssetRow }>(
    `INSERT INTO meridian.assets (pipeline, key, ${assetColumns})
     SELECT $1, * FROM unnest($2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::text[], $9::text[])
     ON CONFLICT (pipeline, key) DO UPDATE SET source_id = excluded.source_id, target_id = excluded.target_id,
       target_version = excluded.target_version, source_hash = excluded.source_hash, data = excluded.data`,
    ({ key, row }) => [
      key,
      row.entity_type,
      text(row.fqn),
      text(row.source_id),
      row.target_id,
      row.target_version,
      row.source_hash,
      row.data,
    ],
  );

  readonly #edgeWrites = this.#writes<{ key: Buffer; row: EdgeRow }>(
    `INSERT INTO meridian.edges (pipeline, key, ${edgeColumns})
     SELECT $1, * FROM unnest($2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
     ON CONFLICT (pipeline, key) DO UPDATE SET source_hash = excluded.source_hash, data = excluded.data`,
    ({ key, row }) => [
      key,
      row.to_type,
      text(row.to_fqn),
      row.from_type,
      text(row.from_fqn),
      row.source_hash,
      row.data,
    ],
  );

  readonly #journalWrites = this.#writes<JournalRow>(
    `INSERT INTO meridian.journal (pipeline, run_id, sequence, data)
     SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[])
     ON CONFLICT (pipeline, run_id, sequence) DO UPDATE SET data = excluded.data`,
    (row) => [text(row.run_id), row.sequence, row.data],
  );

  /** Single rows by their keys, several with one statement. @param what columns and table */
  #reads<Row>(what: string): StatementBatch<Buffer, Row | undefined> {
    const sql = `SELECT key, ${what} WHERE pipeline = $1 AND key = ANY($2::bytea[])`;
    return new StatementBatch<Buffer, Row | undefined>(async (keys) => {
      const rows = await this.#rows<Row & { key: Buffer }>(sql, keys);
      const byKey = new Map(rows.map((row) => [row.key.toString('hex'), row]));
      return keys.map((key) => byKey.get(key.toString('hex')));
    });
  }

  /** Rows to be written, several with one statement. @param valuesOf a row's values, in the order of the statement's lists */
  #writes<Item>(sql: string, valuesOf: (item: Item) => readonly Scalar[]): StatementBatch<Item, void> {
    return new StatementBatch<Item, void>(async (items) => {
      const rows = items.map(valuesOf);
      await this.#rows(sql, ...rows[0]!.map((_, column) => rows.map((row) => row[column]!)));
      return items.map(() => undefined);
    });
  }
}

/** PostgreSQL's texts have no room for the character 0, which no name at the target holds either. */
export function text(value: string): string {
  return value.replaceAll('\0', '\uFFFD');
}
