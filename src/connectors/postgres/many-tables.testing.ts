import pg from 'pg';

/** Columns of each table. */
export const columnsOfMany = 12;

/**
 * Makes a database of many tables, in ten schemas, with keys, comments and a view to every tenth of them.
 *
 * @param address of a database in which a database may be made
 * @param atOnce tables of one transaction: each takes locks
 */
export async function makeManyTables(
  address: (database: string) => string,
  { database, tables, atOnce = 500 }: { readonly database: string; readonly tables: number; readonly atOnce?: number },
): Promise<void> {
  const admin = new pg.Client(address('postgres'));
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.end();
  const client = new pg.Client(address(database));
  await client.connect();
  for (let schema = 0; schema < 10; schema += 1) await client.query(`CREATE SCHEMA s${schema}`);
  const columns = Array.from({ length: columnsOfMany - 3 }, (_, i) => {
    const type = ['integer', 'text', 'numeric(12, 2)', 'timestamptz', 'boolean', 'varchar(40)', 'jsonb'][i % 7]!;
    return `column_${i} ${type}`;
  });
  for (let from = 0; from < tables; from += atOnce) {
    await client.query(`DO $do$ DECLARE n integer; s text; t text; BEGIN
      FOR n IN ${from}..${Math.min(from + atOnce, tables) - 1} LOOP
        s := 's' || n % 10; t := s || '.table_' || n;
        EXECUTE format('CREATE TABLE %s (id bigint PRIMARY KEY, other_id bigint, name text NOT NULL, ${columns.join(', ')})', t);
        EXECUTE format('COMMENT ON TABLE %s IS %L', t, 'Table number ' || n);
        EXECUTE format('COMMENT ON COLUMN %s.name IS %L', t, 'Name in table ' || n);
        IF n >= 10 THEN
          EXECUTE format('ALTER TABLE %s ADD FOREIGN KEY (other_id) REFERENCES %s.table_%s', t, s, n - 10);
        END IF;
        IF n % 10 = 9 THEN
          EXECUTE format('CREATE VIEW s0.view_%s AS SELECT a.id, a.name || b.name AS names, count(*) OVER (PARTITION BY b.column_0) AS n
            FROM %s a JOIN s%s.table_%s b ON b.id = a.other_id', n, t, (n - 1) % 10, n - 1);
        END IF;
      END LOOP; END $do$`);
  }
  await client.end();
}
