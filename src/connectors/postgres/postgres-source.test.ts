import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssetKind, ColumnRecord, SourceRecord, TableRecord } from '../../model/records.ts';
import { type PostgresServer, startPostgres } from '../../state/postgres/postgres-server.testing.ts';
import { postgresSettings } from './postgres-settings.ts';
import { PostgresSource } from './postgres-source.ts';
import { connectionTo, type ReadSource, readSource } from './read-source.testing.ts';
import { sampleDatabase } from './sample-database.testing.ts';

let server: PostgresServer;
let shop: pg.Client;
let read: ReadSource;

beforeAll(async () => {
  server = await startPostgres();
  const admin = new pg.Client(server.address('postgres'));
  await admin.connect();
  await admin.query('CREATE DATABASE shop');
  await admin.query(`COMMENT ON DATABASE shop IS 'All of the shop'`);
  await admin.end();
  shop = new pg.Client(server.address('shop'));
  await shop.connect();
  await shop.query(sampleDatabase);
  read = await readSource(connectionTo(server, 'shop'));
});
afterAll(async () => {
  await read?.source.close();
  await shop?.end();
  await server?.stop();
});

const ofKind = <K extends SourceRecord['kind']>(kind: K) =>
  read.records.filter((record): record is Extract<SourceRecord, { kind: K }> => record.kind === kind);
const table = (schema: string, name: string): TableRecord => {
  const found = ofKind('table').find(({ path }) => path[2] === schema && path[3] === name);
  if (!found) throw new Error(`There is no ${schema}.${name}.`);
  return found;
};
const column = (of: TableRecord, name: string): ColumnRecord => of.columns.find((each) => each.name === name)!;

describe('what a database holds', () => {
  it('is told in the order in which things depend on each other, and nothing is missing', () => {
    expect(read.issues).toEqual([]);
    const kinds = read.records.map(({ kind }) => kind).filter((kind, i, all) => kind !== all[i - 1]);
    expect(kinds).toEqual(['databaseService', 'tag', 'database', 'databaseSchema', 'table', 'lineage']);
    expect(read.source.version).toMatch(/^\d+/);
  });

  it('is read too where TLS is preferred and the server has none', async () => {
    const { source, records } = await readSource(connectionTo(server, 'shop', { sslMode: 'prefer' }));
    await source.close();
    expect(records).toHaveLength(read.records.length);
  });

  it('names the service as OpenMetadata’s own connector would, without a password', () => {
    expect(ofKind('databaseService')).toEqual([
      {
        kind: 'databaseService',
        path: ['pg'],
        serviceType: 'Postgres',
        connection: {
          hostPort: `127.0.0.1:${server.port}`,
          username: 'owner',
          database: 'shop',
          ingestAllDatabases: false,
        },
      },
    ]);
    expect(JSON.stringify(read.records)).not.toContain('owner-secret');
  });

  it('has comments and owners at every level', () => {
    expect(ofKind('database')).toMatchObject([
      { path: ['pg', 'shop'], description: 'All of the shop', owner: 'owner', provenance: { qualifiedName: 'shop' } },
    ]);
    const sales = ofKind('databaseSchema').find(({ path }) => path[2] === 'sales');
    expect(sales).toMatchObject({ description: 'What is sold, and to whom', owner: 'shop_owner' });
    const customers = table('sales', 'customers');
    expect(customers).toMatchObject({ description: 'Everybody who ever bought', owner: 'shop_owner' });
    expect(column(customers, 'mail').description).toBe('Where bills go to');
    expect(column(customers, 'name').description).toBeUndefined();
    expect(table('sales', 'paid')).toMatchObject({ description: 'Orders that were paid', owner: 'owner' });
  });

  it('knows tables of every kind; partitions and what is temporary or PostgreSQL’s own are none', () => {
    const told = ofKind('table').map(({ path, tableType }) => `${path.slice(2).join('.')} ${tableType}`);
    expect(told.sort()).toEqual(
      [
        'sales.customers Regular',
        'sales.orders Regular',
        'sales.order_lines Regular',
        'sales.returns Regular',
        'sales.events Partitioned',
        'sales.event_notes Regular',
        'sales.rates Foreign',
        'sales.paid View',
        'public.sold MaterializedView',
        'public.last_year View',
        'public.sessions View',
        'public.every_type Regular',
        'public.unlogged Regular',
        'public.empty Regular',
        'public.dropped_column Regular',
        'public.parent Regular',
        'public.child Regular',
        'odd.schema"ü.a.b "c" ☃ Regular',
        'odd.schema"ü.v "1" View',
      ].sort(),
    );
    expect(ofKind('databaseSchema').map(({ path }) => path[2])).toEqual(['public', 'sales', 'odd.schema"ü']);
  });

  it('keeps names as they are', () => {
    const odd = table('odd.schema"ü', 'a.b "c" ☃');
    expect(odd.columns.map(({ name }) => name)).toEqual(['x.y', 'Äpfel "rot"', 'a::b']);
  });

  it('has ids that stay when a thing is renamed', async () => {
    await shop.query('ALTER TABLE public.parent RENAME TO mother');
    try {
      const again = await readSource(connectionTo(server, 'shop'));
      await again.source.close();
      const ids = (records: readonly SourceRecord[]) =>
        records.flatMap((record) => (record.kind === 'table' ? [record.provenance.id] : []));
      expect(ids(again.records)).toEqual(ids(read.records));
      expect(JSON.stringify(again.records)).toContain('"mother"');
    } finally {
      await shop.query('ALTER TABLE public.mother RENAME TO parent');
    }
  });
});

describe('columns', () => {
  it.each<readonly [column: string, expected: Partial<ColumnRecord>]>([
    ['c_bool', { dataType: 'BOOLEAN', dataTypeDisplay: 'boolean' }],
    ['c_int2', { dataType: 'SMALLINT', dataTypeDisplay: 'smallint' }],
    ['c_int4', { dataType: 'INT', dataTypeDisplay: 'integer' }],
    ['c_int8', { dataType: 'BIGINT', dataTypeDisplay: 'bigint' }],
    ['c_serial', { dataType: 'INT', constraint: 'NOT_NULL' }],
    ['c_float4', { dataType: 'FLOAT', dataTypeDisplay: 'real' }],
    ['c_float8', { dataType: 'DOUBLE', dataTypeDisplay: 'double precision' }],
    ['c_numeric', { dataType: 'NUMERIC', dataTypeDisplay: 'numeric' }],
    ['c_numeric_5', { dataType: 'NUMERIC', precision: 5, scale: 0 }],
    ['c_numeric_5_2', { dataType: 'NUMERIC', precision: 5, scale: 2, dataTypeDisplay: 'numeric(5,2)' }],
    ['c_numeric_neg', { dataType: 'NUMERIC', precision: 3, dataTypeDisplay: 'numeric(3,-2)' }],
    ['c_money', { dataType: 'MONEY' }],
    ['c_char', { dataType: 'CHAR', dataLength: 7, dataTypeDisplay: 'character(7)' }],
    ['c_char_1', { dataType: 'CHAR', dataLength: 1, dataTypeDisplay: '"char"' }],
    ['c_varchar', { dataType: 'VARCHAR', dataLength: 42, dataTypeDisplay: 'character varying(42)' }],
    ['c_varchar_any', { dataType: 'VARCHAR', dataTypeDisplay: 'character varying' }],
    ['c_text', { dataType: 'TEXT' }],
    ['c_name', { dataType: 'VARCHAR', dataLength: 63, dataTypeDisplay: 'name' }],
    ['c_bytea', { dataType: 'BYTEA' }],
    ['c_date', { dataType: 'DATE' }],
    ['c_time', { dataType: 'TIME', dataTypeDisplay: 'time(3) without time zone' }],
    ['c_timetz', { dataType: 'TIME' }],
    ['c_timestamp', { dataType: 'TIMESTAMP' }],
    ['c_timestamptz', { dataType: 'TIMESTAMPZ' }],
    ['c_interval', { dataType: 'INTERVAL' }],
    ['c_uuid', { dataType: 'UUID' }],
    ['c_json', { dataType: 'JSON' }],
    ['c_jsonb', { dataType: 'JSON', dataTypeDisplay: 'jsonb' }],
    ['c_jsonpath', { dataType: 'STRING' }],
    ['c_xml', { dataType: 'XML' }],
    ['c_inet', { dataType: 'INET' }],
    ['c_cidr', { dataType: 'CIDR' }],
    ['c_macaddr', { dataType: 'MACADDR' }],
    ['c_macaddr8', { dataType: 'MACADDR' }],
    ['c_bit', { dataType: 'BIT', dataTypeDisplay: 'bit(4)' }],
    ['c_varbit', { dataType: 'BIT' }],
    ['c_tsvector', { dataType: 'TSVECTOR' }],
    ['c_tsquery', { dataType: 'TSQUERY' }],
    ['c_pg_lsn', { dataType: 'PG_LSN' }],
    ['c_pg_snapshot', { dataType: 'PG_SNAPSHOT' }],
    ['c_txid_snapshot', { dataType: 'TXID_SNAPSHOT' }],
    ['c_point', { dataType: 'POINT' }],
    ['c_line', { dataType: 'GEOMETRY', dataTypeDisplay: 'line' }],
    ['c_lseg', { dataType: 'GEOMETRY' }],
    ['c_box', { dataType: 'GEOMETRY' }],
    ['c_path', { dataType: 'GEOMETRY' }],
    ['c_polygon', { dataType: 'POLYGON' }],
    ['c_circle', { dataType: 'GEOMETRY' }],
    ['c_int4range', { dataType: 'TUPLE', dataTypeDisplay: 'int4range' }],
    ['c_numrange', { dataType: 'TUPLE' }],
    ['c_daterange', { dataType: 'DATETIMERANGE' }],
    ['c_tstzrange', { dataType: 'DATETIMERANGE' }],
    ['c_multi', { dataType: 'ARRAY', arrayDataType: 'DATETIMERANGE', dataTypeDisplay: 'datemultirange' }],
    ['c_nmulti', { dataType: 'ARRAY', arrayDataType: 'TUPLE' }],
    ['c_own_range', { dataType: 'TUPLE', dataTypeDisplay: 'sales.weights' }],
    ['c_oid', { dataType: 'BIGINT' }],
    ['c_regclass', { dataType: 'STRING' }],
    ['c_xid8', { dataType: 'NUMERIC' }],
    ['c_tid', { dataType: 'STRING' }],
    ['c_int_array', { dataType: 'ARRAY', arrayDataType: 'INT', dataTypeDisplay: 'integer[]' }],
    ['c_varchar_array', { dataType: 'ARRAY', arrayDataType: 'VARCHAR', dataTypeDisplay: 'character varying(9)[]' }],
    ['c_array_2', { dataType: 'ARRAY', arrayDataType: 'TEXT', dataTypeDisplay: 'text[]' }],
    ['c_enum', { dataType: 'ENUM', dataTypeDisplay: 'sales.order_status' }],
    ['c_enum_array', { dataType: 'ARRAY', arrayDataType: 'ENUM' }],
    ['c_domain', { dataType: 'VARCHAR', dataLength: 320, dataTypeDisplay: 'sales.email', constraint: 'NOT_NULL' }],
    ['c_domain_array', { dataType: 'ARRAY', arrayDataType: 'VARCHAR', dataTypeDisplay: 'sales.emails' }],
    ['c_row', { dataType: 'STRUCT', dataTypeDisplay: 'sales.orders' }],
    ['c_row_array', { dataType: 'ARRAY', arrayDataType: 'STRUCT' }],
  ])('%s', (name, expected) => {
    expect(column(table('public', 'every_type'), name)).toMatchObject(expected);
  });

  it('of every type are tested above', () => {
    const others = ['c_composite', 'c_composite_array'];
    expect(table('public', 'every_type').columns).toHaveLength(68 + others.length);
    expect(table('public', 'every_type').columns.filter(({ dataType }) => dataType === 'UNKNOWN')).toEqual([]);
  });

  it('of composite types have the fields of these, alone and in arrays', () => {
    const fields = [
      {
        name: 'street',
        dataType: 'STRUCT',
        children: [
          { name: 'name', dataType: 'TEXT' },
          { name: 'number', dataType: 'INT' },
        ],
      },
      { name: 'city', dataType: 'VARCHAR', dataLength: 80, description: 'As the post writes it' },
      { name: 'codes', dataType: 'ARRAY', arrayDataType: 'CHAR' },
    ];
    const whole = table('public', 'every_type');
    expect(column(whole, 'c_composite')).toMatchObject({ dataType: 'STRUCT', children: fields });
    expect(column(whole, 'c_composite_array')).toMatchObject({ arrayDataType: 'STRUCT', children: fields });
  });

  it('that were dropped are not told, and none at all are no mistake', () => {
    expect(table('public', 'dropped_column').columns.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(table('public', 'empty').columns).toEqual([]);
    expect(table('public', 'child').columns.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('keys', () => {
  it('of one column stand at the column', () => {
    const customers = table('sales', 'customers');
    expect(column(customers, 'id').constraint).toBe('PRIMARY_KEY');
    expect(column(customers, 'mail').constraint).toBe('UNIQUE');
    expect(column(customers, 'name').constraint).toBe('NOT_NULL');
    expect(column(customers, 'tags').constraint).toBe('NULL');
    expect(customers.constraints).toBeUndefined();
  });

  it('of several columns, and foreign keys, stand at the table', () => {
    const path = (name: string) => ['pg', 'shop', 'sales', name];
    expect(table('sales', 'orders').constraints).toEqual([
      { type: 'UNIQUE', columns: ['customer_id', 'ordered_at'] },
      { type: 'FOREIGN_KEY', columns: ['customer_id'], refersTo: [{ table: path('customers'), column: 'id' }] },
    ]);
    expect(table('sales', 'order_lines').constraints).toContainEqual({
      type: 'PRIMARY_KEY',
      columns: ['order_id', 'line'],
    });
    expect(table('sales', 'returns').constraints).toEqual([
      {
        type: 'FOREIGN_KEY',
        columns: ['order_id', 'line'],
        refersTo: [
          { table: path('order_lines'), column: 'order_id' },
          { table: path('order_lines'), column: 'line' },
        ],
      },
    ]);
    // Once, however many partitions the other table has.
    expect(table('sales', 'event_notes').constraints).toHaveLength(1);
  });

  it('of partitions are known, and what is generated', () => {
    const events = table('sales', 'events');
    expect(events.columns.filter(({ partitionKey }) => partitionKey).map(({ name }) => name)).toEqual(['at']);
    expect(events.parameters).toMatchObject({ partitionKey: 'RANGE (at)', numPartitions: '2' });
    expect(table('sales', 'customers').parameters).toMatchObject({ 'column.id': 'generated always as identity' });
    expect(table('sales', 'orders').parameters).toMatchObject({ 'column.gross': 'generated, stored' });
  });
});

describe('what the server has counted', () => {
  it('is told once it has', async () => {
    expect(table('sales', 'order_lines').parameters).not.toHaveProperty('numRows');
    await shop.query(`INSERT INTO sales.events SELECT '2025-01-01'::date + n, 'a' FROM generate_series(0, 499) n`);
    await shop.query('INSERT INTO public.parent SELECT generate_series(1, 1000)');
    await shop.query('ANALYZE');
    try {
      const { source, records } = await readSource(connectionTo(server, 'shop'));
      await source.close();
      const parameters = (name: string) =>
        records.flatMap((record) =>
          record.kind === 'table' && record.path[3] === name ? [record.parameters!] : [],
        )[0]!;
      expect(parameters('parent')).toMatchObject({ numRows: '1000' });
      expect(Number(parameters('parent')['totalSize'])).toBeGreaterThan(30_000);
      expect(parameters('events')).toMatchObject({ numRows: '500', numPartitions: '2' });
    } finally {
      await shop.query('TRUNCATE sales.events, public.parent, sales.event_notes');
    }
  });
});

describe('views', () => {
  it('have the statement that makes them', () => {
    expect(table('sales', 'paid').viewDefinition).toMatch(/^CREATE VIEW sales\.paid AS\nSELECT o\.id/);
    expect(table('public', 'sold').viewDefinition).toMatch(/^CREATE MATERIALIZED VIEW public\.sold AS\nWITH sums AS/);
    expect(table('odd.schema"ü', 'v "1"').viewDefinition).toContain('CREATE VIEW "odd.schema""ü"."v ""1""" AS');
    expect(table('sales', 'orders').viewDefinition).toBeUndefined();
  });

  it('come from what they read, across schemas and over other views', () => {
    const edges = ofKind('lineage').map(({ from, to }) =>
      [from, to].map(({ path }) => path.slice(2).join('.')).join(' → '),
    );
    expect(edges.sort()).toEqual([
      'odd.schema"ü.a.b "c" ☃ → odd.schema"ü.v "1"',
      'sales.customers → sales.paid',
      'sales.events → public.last_year',
      'sales.order_lines → public.sold',
      'sales.orders → sales.paid',
      'sales.paid → public.sold',
    ]);
  });

  it('under a table that somebody is changing are told without text and lineage, and the others whole', async () => {
    const other = new pg.Client(server.address('shop'));
    await other.connect();
    await other.query('BEGIN; LOCK TABLE sales.order_lines IN ACCESS EXCLUSIVE MODE');
    try {
      const { source, records, issues } = await readSource(connectionTo(server, 'shop'));
      await source.close();
      expect(issues).toMatchObject([
        { outcome: 'failed', kind: 'lineage', reason: 'view-unreadable', name: 'shop.public.sold' },
      ]);
      const views = records.filter(
        (record) => record.kind === 'table' && /View/.test(record.tableType),
      ) as TableRecord[];
      const without = views.filter(({ viewDefinition }) => viewDefinition === undefined);
      expect(without.map(({ path }) => path[3])).toEqual(['sold']);
      expect(records.filter(({ kind }) => kind === 'lineage')).toHaveLength(4);
    } finally {
      await other.query('ROLLBACK');
      await other.end();
    }
  });

  it('are read without holding a lock on what they read', async () => {
    const { source, records } = await readSource(connectionTo(server, 'shop'));
    // Even while the source is open, anybody may change the tables.
    await shop.query(`SET lock_timeout = '1s'; ALTER TABLE sales.rates ADD COLUMN more int`);
    await shop.query('ALTER TABLE sales.rates DROP COLUMN more; RESET lock_timeout');
    // The server notices the end of a session a moment after us.
    const sessions = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'meridian'`;
    while ((await shop.query(sessions)).rows.length > 0) await setTimeout(10);
    expect(records.length).toBeGreaterThan(20);
    await source.close();
  });
});

it('row-level security policies are tags of their tables', () => {
  expect(ofKind('tag').map(({ path }) => path)).toEqual([['own_rows']]);
  expect(table('sales', 'customers').tags).toEqual([{ path: ['own_rows'], propagated: false }]);
  expect(table('sales', 'orders').tags).toEqual([]);
});

describe('when a single thing is asked for', () => {
  const signal = new AbortController().signal;
  const idOf = (schema: string, name: string) => table(schema, name).provenance.id;
  const candidate = (id: string, kind: AssetKind = 'table') => ({ kind, id });

  it('what is there, gone, renamed or out of reach is told apart', async () => {
    const settings = postgresSettings(connectionTo(server, 'shop'));
    const fresh = new PostgresSource(settings, { serviceName: 'pg', reads: () => true });
    try {
      const [database] = /\d+/.exec(idOf('sales', 'orders'))!;
      const asked = [
        candidate(idOf('sales', 'orders')),
        candidate(`table:${database}.4000000000`),
        candidate(`schema:${database}.4000000000`, 'databaseSchema'),
        candidate('database:4000000000', 'database'),
        candidate('table:4000000000.1'),
        candidate(`database:${database}`, 'database'),
        candidate('guid-of-another-source'),
      ];
      expect(await fresh.confirmGone(asked, signal)).toEqual([
        'there',
        'gone',
        'gone',
        'gone',
        'gone',
        'there',
        'unknown',
      ]);
      // Told in this run, so under another name than the one that is missed.
      expect(await read.source.confirmGone([candidate(idOf('sales', 'orders'))], signal)).toEqual(['gone']);
      const edge = (from: string, to: string) => ({ kind: 'lineage' as const, id: to, ends: { from, to } });
      const [paid, orders, rates] = [idOf('sales', 'paid'), idOf('sales', 'orders'), idOf('sales', 'rates')];
      expect(await fresh.confirmGone([edge(orders, paid), edge(rates, paid)], signal)).toEqual(['there', 'gone']);
      expect(await read.source.confirmGone([edge(orders, paid)], signal)).toEqual(['gone']);
    } finally {
      await fresh.close();
    }
  });

  it('columns are those that are there now', async () => {
    const ids = [idOf('sales', 'rates'), idOf('public', 'empty'), 'table:1.1', 'nonsense'];
    expect(await read.source.liveParts(ids, signal)).toEqual(
      new Map([
        [ids[0], ['currency', 'rate']],
        [ids[1], []],
      ]),
    );
  });
});
