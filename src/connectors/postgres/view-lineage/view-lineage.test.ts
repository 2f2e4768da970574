import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LineageRecord } from '../../../model/records.ts';
import { type PostgresServer, startPostgres } from '../../../state/postgres/postgres-server.testing.ts';
import { connectionTo, readSource } from '../read-source.testing.ts';
import { ViewLineage } from './view-lineage.ts';

const tables = `
CREATE SCHEMA shop;
CREATE SCHEMA other;
CREATE TABLE shop.orders (id int PRIMARY KEY, customer_id int, net numeric, tax numeric, tags text[], doc jsonb, at date);
CREATE TABLE shop.customers (id int PRIMARY KEY, name text, country text, boss_id int);
CREATE TABLE other.orders (id int, note text);
CREATE TABLE shop.points (id int, xml_doc xml, place point);
CREATE TABLE shop.log (at date, text text) PARTITION BY RANGE (at);
CREATE TABLE shop.log_1 PARTITION OF shop.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE shop.log_2 PARTITION OF shop.log FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
CREATE FUNCTION shop.twice(n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
CREATE FUNCTION shop.parts(t text) RETURNS TABLE (first text, second text) LANGUAGE sql IMMUTABLE AS $$ SELECT t, t $$;
CREATE TYPE shop.pair AS (left_side int, right_side text);
`;

/** A view's query, and where its columns come from: `column <- table.column …`; tables alone are read without a column. */
const views: readonly (readonly [about: string, query: string, pairs: string])[] = [
  ['plain columns and aliases', 'SELECT id, net AS amount FROM shop.orders', 'id <- orders.id; amount <- orders.net'],
  [
    'a star',
    'SELECT * FROM shop.customers',
    'id <- customers.id; name <- customers.name; country <- customers.country; boss_id <- customers.boss_id',
  ],
  [
    'several columns in one expression',
    'SELECT net + tax * 2 AS gross FROM shop.orders',
    'gross <- orders.net orders.tax',
  ],
  [
    'columns of two joined tables',
    'SELECT o.id, c.name FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id',
    'id <- orders.id; name <- customers.name',
  ],
  [
    'two tables of one name',
    'SELECT a.id, b.note FROM shop.orders a JOIN other.orders b ON a.id = b.id',
    'id <- orders.id; note <- other.orders.note',
  ],
  [
    'one table twice',
    'SELECT c.name, b.name AS boss FROM shop.customers c LEFT JOIN shop.customers b ON b.id = c.boss_id',
    'name <- customers.name; boss <- customers.name',
  ],
  [
    'JOIN … USING',
    'SELECT id, name, net FROM shop.orders JOIN shop.customers USING (id)',
    'id <- orders.id; name <- customers.name; net <- orders.net',
  ],
  [
    'FULL JOIN … USING',
    'SELECT id FROM shop.orders FULL JOIN shop.customers USING (id)',
    'id <- orders.id customers.id',
  ],
  [
    'NATURAL JOIN',
    'SELECT id, note FROM shop.orders NATURAL JOIN other.orders',
    'id <- orders.id; note <- other.orders.note',
  ],
  [
    'an alias of a join',
    'SELECT j.a, j.h FROM (shop.orders o JOIN shop.customers c ON c.id = o.customer_id) AS j (a, b, c, d, e, f, g, x, h)',
    'a <- orders.id; h <- customers.name',
  ],
  ['constants', 'SELECT 1 AS one, now() AS at FROM shop.orders', 'orders'],
  ['count(*)', 'SELECT count(*) AS n FROM shop.orders', 'orders'],
  [
    'aggregates with filter and order',
    "SELECT string_agg(name, ',' ORDER BY country) FILTER (WHERE boss_id IS NULL) AS names FROM shop.customers",
    'names <- customers.name customers.country customers.boss_id',
  ],
  [
    'a window',
    'SELECT id, sum(net) OVER w AS running FROM shop.orders WINDOW w AS (PARTITION BY customer_id ORDER BY at)',
    'id <- orders.id; running <- orders.net orders.customer_id orders.at',
  ],
  [
    'what only filters is no part of a value',
    "SELECT name FROM shop.customers WHERE country = 'de' ORDER BY boss_id",
    'name <- customers.name',
  ],
  [
    'CASE',
    "SELECT CASE WHEN country = 'de' THEN name ELSE upper(name) END AS shown FROM shop.customers",
    'shown <- customers.country customers.name',
  ],
  ['a function of one’s own', 'SELECT shop.twice(net) AS twice FROM shop.orders', 'twice <- orders.net'],
  [
    'a subquery in FROM',
    'SELECT s.total FROM (SELECT net + tax AS total, id FROM shop.orders) s',
    'total <- orders.net orders.tax',
  ],
  [
    'a subquery with renamed columns',
    'SELECT s.b FROM (SELECT id, net FROM shop.orders) AS s (a, b)',
    'b <- orders.net',
  ],
  [
    'a common table expression',
    'WITH s AS (SELECT id, net FROM shop.orders), t (x) AS (SELECT net FROM s) SELECT x FROM t',
    'x <- orders.net',
  ],
  [
    'one that hides a table',
    'WITH orders AS (SELECT name AS net FROM shop.customers) SELECT net FROM orders',
    'net <- customers.name',
  ],
  [
    'one within a subquery',
    'SELECT (WITH m AS (SELECT max(net) AS top FROM shop.orders) SELECT top FROM m) AS top',
    'top <- orders.net',
  ],
  [
    'a recursive query',
    `WITH RECURSIVE up (id, name, root) AS (
      SELECT id, name, name FROM shop.customers WHERE boss_id IS NULL
      UNION ALL SELECT c.id, c.country, up.root FROM shop.customers c JOIN up ON up.id = c.boss_id)
    SELECT id, name, root FROM up`,
    'id <- customers.id; name <- customers.name customers.country; root <- customers.name',
  ],
  [
    'a recursive query that swaps its columns',
    `WITH RECURSIVE s (a, b, n) AS (
      SELECT name, country, 1 FROM shop.customers UNION ALL SELECT b, a, n + 1 FROM s WHERE n < 3)
    SELECT a, b FROM s`,
    'a <- customers.name customers.country; b <- customers.country customers.name',
  ],
  [
    'a recursive query with SEARCH and CYCLE',
    `WITH RECURSIVE up (id, boss) AS (
      SELECT id, boss_id FROM shop.customers UNION ALL SELECT c.id, c.boss_id FROM shop.customers c JOIN up ON up.id = c.boss_id
    ) SEARCH DEPTH FIRST BY id SET place CYCLE id SET looped USING way
    SELECT id, place::text, looped, way::text FROM up`,
    'id <- customers.id',
  ],
  [
    'UNION',
    'SELECT id, name FROM shop.customers UNION ALL SELECT id, note FROM other.orders',
    'id <- customers.id other.orders.id; name <- customers.name other.orders.note',
  ],
  [
    'set operations of three',
    'SELECT id FROM shop.customers EXCEPT (SELECT id FROM other.orders INTERSECT SELECT customer_id FROM shop.orders)',
    'id <- customers.id other.orders.id orders.customer_id',
  ],
  [
    'VALUES',
    "SELECT v.word, o.id FROM (VALUES (1, 'a'), (2, 'b')) v (id, word) JOIN shop.orders o ON o.id = v.id",
    'id <- orders.id',
  ],
  [
    'a scalar subquery',
    'SELECT c.name, (SELECT max(o.net) FROM shop.orders o WHERE o.customer_id = c.id) AS dearest FROM shop.customers c',
    'name <- customers.name; dearest <- orders.net',
  ],
  [
    'a subquery that returns a column from around it',
    'SELECT (SELECT c.name FROM shop.orders o LIMIT 1) AS shown FROM shop.customers c',
    'shown <- customers.name; orders',
  ],
  [
    'EXISTS and IN',
    `SELECT EXISTS (SELECT 1 FROM shop.orders o WHERE o.customer_id = c.id) AS buys,
    c.id IN (SELECT o.id FROM other.orders o) AS noted FROM shop.customers c`,
    'noted <- customers.id other.orders.id; orders',
  ],
  [
    'ARRAY of a query',
    'SELECT c.id, ARRAY(SELECT o.net FROM shop.orders o) AS nets FROM shop.customers c',
    'id <- customers.id; nets <- orders.net',
  ],
  [
    'LATERAL',
    'SELECT c.id, l.top FROM shop.customers c, LATERAL (SELECT max(net) + c.boss_id AS top FROM shop.orders o) l',
    'id <- customers.id; top <- orders.net customers.boss_id',
  ],
  [
    'unnest',
    'SELECT o.id, t.tag, t.place FROM shop.orders o, unnest(o.tags) WITH ORDINALITY AS t (tag, place)',
    'id <- orders.id; tag <- orders.tags; place <- orders.tags',
  ],
  [
    'several arrays side by side',
    'SELECT u.a, u.b FROM shop.orders o, unnest(o.tags, ARRAY[o.net]) AS u (a, b)',
    'a <- orders.tags; b <- orders.net',
  ],
  [
    'ROWS FROM of functions that return more',
    'SELECT r.* FROM shop.customers c, ROWS FROM (shop.parts(c.name), shop.parts(c.country)) AS r (a, b, c, d)',
    'customers',
  ],
  [
    'a function that returns a table',
    'SELECT p.second FROM shop.customers c, shop.parts(c.name) p',
    'second <- customers.name',
  ],
  [
    'a function with a column list',
    `SELECT r.a FROM shop.orders o, jsonb_to_record(o.doc) AS r (a int, b text)`,
    'a <- orders.doc',
  ],
  [
    'XMLTABLE',
    `SELECT p.id, x.word FROM shop.points p, XMLTABLE('/a/b' PASSING p.xml_doc COLUMNS word text PATH 'w') x`,
    'id <- points.id; word <- points.xml_doc',
  ],
  [
    'JSON_TABLE',
    `SELECT o.id, j.word FROM shop.orders o, JSON_TABLE(o.doc, '$[*]' COLUMNS (word text PATH '$.w')) j`,
    'id <- orders.id; word <- orders.doc',
  ],
  [
    'operators of JSON, arrays and composites',
    `SELECT doc -> 'a' ->> 'b' AS b, tags[1] AS first, (ROW(id, tags[2])::shop.pair).right_side AS side FROM shop.orders`,
    'b <- orders.doc; first <- orders.tags; side <- orders.id orders.tags',
  ],
  [
    'a whole row',
    'SELECT to_jsonb(c) AS doc, c.id FROM shop.customers c',
    'doc <- customers.id customers.name customers.country customers.boss_id; id <- customers.id',
  ],
  [
    'a whole row of a subquery',
    'SELECT to_jsonb(s) AS doc FROM (SELECT id, net FROM shop.orders) s',
    'doc <- orders.id orders.net',
  ],
  [
    'GROUPING SETS',
    'SELECT country, GROUPING(country) AS g, count(name) AS n FROM shop.customers GROUP BY GROUPING SETS ((country), ())',
    'country <- customers.country; g <- customers.country; n <- customers.name',
  ],
  [
    'DISTINCT ON',
    'SELECT DISTINCT ON (country) country, name FROM shop.customers ORDER BY country, boss_id',
    'country <- customers.country; name <- customers.name',
  ],
  ['TABLESAMPLE', 'SELECT id FROM shop.orders TABLESAMPLE BERNOULLI (10)', 'id <- orders.id'],
  [
    'partitions stand for their table',
    'SELECT a.text, b.at FROM shop.log_1 a JOIN shop.log_2 b ON a.text = b.text',
    'text <- log.text; at <- log.at',
  ],
  ['a relation of PostgreSQL’s own', 'SELECT c.relname, o.id FROM pg_class c, shop.orders o', 'id <- orders.id'],
  ['nothing', 'SELECT 1 AS one', ''],
  [
    'quotes, dots and letters',
    `SELECT "x.y" AS "z ""z""", "Ä" FROM other."a.b ""c"" ☃"`,
    `z "z" <- other.a.b "c" ☃.x.y; Ä <- other.a.b "c" ☃.Ä`,
  ],
];

const nameOf = (at: number): string => `v${String(at).padStart(2, '0')}`;

let server: PostgresServer;
let client: pg.Client;
let edges: readonly LineageRecord[];

beforeAll(async () => {
  server = await startPostgres();
  client = new pg.Client(server.address('postgres'));
  await client.connect();
  await client.query(tables);
  await client.query(`CREATE TABLE other."a.b ""c"" ☃" ("x.y" int, "Ä" text)`);
  for (const [at, [, query]] of views.entries()) await client.query(`CREATE VIEW shop.${nameOf(at)} AS ${query}`);
  // Names that change later, and columns that come and go, are those of the view's day no more.
  await client.query('CREATE TABLE other.moving (a int, gone int, c int)');
  await client.query(
    'CREATE VIEW other.moved AS SELECT m.c, m.a FROM other.moving m JOIN other.orders o ON o.id = m.a',
  );
  await client.query('ALTER TABLE other.moving DROP COLUMN gone');
  await client.query('ALTER TABLE other.moving RENAME COLUMN c TO d');
  await client.query('ALTER TABLE other.moving ADD COLUMN note text');
  await client.query('ALTER TABLE other.moving RENAME TO moving_on');
  const { source, records, issues } = await readSource(connectionTo(server, 'postgres'));
  await source.close();
  expect(issues).toEqual([]);
  edges = records.filter((record) => record.kind === 'lineage');
});
afterAll(async () => {
  await client?.end();
  await server?.stop();
});

/** Edges into a view, written as the expectations are. */
function written(schema: string, view: string): string[] {
  const into = edges.filter(({ to }) => to.path[2] === schema && to.path[3] === view);
  const shown = ({ from }: LineageRecord) => (from.path[2] === 'shop' ? from.path[3]! : from.path.slice(2).join('.'));
  const pairs = new Map<string, string[]>();
  const bare: string[] = [];
  for (const edge of into) {
    if (edge.columns.length === 0) bare.push(shown(edge));
    for (const { from, to } of edge.columns) {
      const name = String(to);
      pairs.set(name, [...(pairs.get(name) ?? []), ...from.map((column) => `${shown(edge)}.${column}`)]);
    }
  }
  return [...[...pairs].map(([to, from]) => `${to} <- ${from.sort().join(' ')}`), ...bare].sort();
}

function expected(text: string): string[] {
  const parts = text.split('; ').filter(Boolean);
  const sorted = parts.map((part) => {
    const [to, from] = part.split(' <- ');
    // Names with blanks stand alone.
    return from === undefined ? part : `${to} <- ${from.includes('"') ? from : from.split(' ').sort().join(' ')}`;
  });
  return sorted.sort();
}

describe('where the columns of a view come from', () => {
  it.each(views.map(([about, query, pairs], at) => [about, query, pairs, nameOf(at)] as const))(
    '%s',
    (_, __, pairs, view) => {
      expect(written('shop', view)).toEqual(expected(pairs));
    },
  );

  it('follows names that have changed since', () => {
    expect(written('other', 'moved')).toEqual(['a <- other.moving_on.a', 'c <- other.moving_on.d', 'other.orders']);
  });

  it('is in accord with what PostgreSQL has noted for every view: the same relations, and no column that is not noted', async () => {
    const { rows } = await client.query<{ view: string; source: string; columns: string[] }>(`
      SELECT vn.nspname || '.' || v.relname AS view, sn.nspname || '.' || s.relname AS source,
        array_remove(array_agg(DISTINCT a.attname::text), NULL) AS columns
      FROM pg_rewrite r
      JOIN pg_class v ON v.oid = r.ev_class JOIN pg_namespace vn ON vn.oid = v.relnamespace
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
      JOIN pg_class s ON s.oid = coalesce(pg_partition_root(d.refobjid), d.refobjid)
      JOIN pg_namespace sn ON sn.oid = s.relnamespace
      LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND a.attnum > 0
      WHERE s.relkind <> 'c' AND vn.nspname IN ('shop', 'other') AND sn.nspname IN ('shop', 'other')
      GROUP BY 1, 2`);
    const noted = new Map(rows.map(({ view, source, columns }) => [`${source} → ${view}`, columns]));
    const told = edges.map(({ from, to, columns }) => ({
      edge: `${from.path.slice(2).join('.')} → ${to.path.slice(2).join('.')}`,
      columns: [...new Set(columns.flatMap((pair) => pair.from))],
    }));
    expect(told.map(({ edge }) => edge).sort()).toEqual([...noted.keys()].sort());
    // Of a row that is read as a whole PostgreSQL notes no column.
    const byRow = views.flatMap(([about], at) => (about === 'a whole row' ? [`shop.${nameOf(at)}`] : []));
    for (const { edge, columns } of told.filter(({ edge: name }) => !byRow.some((view) => name.endsWith(view)))) {
      expect(noted.get(edge), edge).toEqual(expect.arrayContaining(columns));
    }
  });
});

describe('a query that is not understood', () => {
  const source = {
    ...{ oid: 1, schema: 's', name: 't', columns: ['a', 'b'], used: ['a'] },
    ...{ whole: { oid: 1, schema: 's', name: 't' }, ofSystem: false },
  };

  it.each([
    ['a syntax of a later server', 'SELECT a FROM s.t QUALIFY magic'],
    ['another number of columns', 'SELECT a, b FROM s.t'],
    ['a relation that is not among its sources', 'SELECT a FROM s.unknown'],
    ['a column that is not among those noted', 'SELECT b FROM s.t'],
    ['a name that may mean either', 'SELECT a FROM s.t x, s.t y'],
  ])('%s leaves the edge, and no pair that may be wrong', async (_, definition) => {
    const lineage = await ViewLineage.load();
    expect(lineage.of({ definition, sources: [source] }, ['a'])).toEqual([{ whole: source.whole, columns: [] }]);
  });
});
