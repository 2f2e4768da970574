/** A shop with something of everything that PostgreSQL has, as statements that make it. */
export const sampleDatabase = `
CREATE ROLE shop_owner;
CREATE SCHEMA sales AUTHORIZATION shop_owner;
COMMENT ON SCHEMA sales IS 'What is sold, and to whom';
CREATE SCHEMA "odd.schema""ü";
CREATE TYPE sales.order_status AS ENUM ('new', 'paid', 'sent');
CREATE DOMAIN sales.email AS varchar(320) NOT NULL CHECK (VALUE LIKE '%@%');
CREATE DOMAIN sales.emails AS sales.email[];
CREATE TYPE sales.street AS (name text, number integer);
CREATE TYPE sales.address AS (street sales.street, city varchar(80), codes char(5)[]);
COMMENT ON COLUMN sales.address.city IS 'As the post writes it';
CREATE TYPE sales.weights AS RANGE (subtype = float8);

CREATE TABLE sales.customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mail sales.email UNIQUE,
  name text NOT NULL,
  home sales.address,
  tags text[]
);
COMMENT ON TABLE sales.customers IS 'Everybody who ever bought';
COMMENT ON COLUMN sales.customers.mail IS 'Where bills go to';
ALTER TABLE sales.customers OWNER TO shop_owner;
CREATE TABLE sales.orders (
  id integer PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES sales.customers,
  status sales.order_status NOT NULL DEFAULT 'new',
  net numeric(10, 2) NOT NULL,
  tax numeric(10, 2) NOT NULL,
  gross numeric(12, 2) GENERATED ALWAYS AS (net + tax) STORED,
  ordered_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (customer_id, ordered_at)
);
CREATE TABLE sales.order_lines (
  order_id integer NOT NULL REFERENCES sales.orders (id),
  line smallint NOT NULL,
  sku varchar(20) NOT NULL,
  amount integer NOT NULL,
  PRIMARY KEY (order_id, line)
);
CREATE TABLE sales.returns (
  order_id integer, line smallint, reason text,
  FOREIGN KEY (order_id, line) REFERENCES sales.order_lines (order_id, line)
);
CREATE TABLE sales.events (
  at timestamptz NOT NULL, kind text NOT NULL, body jsonb, PRIMARY KEY (at, kind)
) PARTITION BY RANGE (at);
CREATE TABLE sales.events_2025 PARTITION OF sales.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE sales.events_2026 PARTITION OF sales.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
  PARTITION BY LIST (kind);
CREATE TABLE sales.events_2026_a PARTITION OF sales.events_2026 FOR VALUES IN ('a');
CREATE TABLE sales.event_notes (at timestamptz, kind text, note text, FOREIGN KEY (at, kind) REFERENCES sales.events);
ALTER TABLE sales.customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON sales.customers USING (mail = current_user);

CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE sales.rates (currency char(3), rate double precision) SERVER elsewhere;

CREATE TABLE "odd.schema""ü"."a.b ""c"" ☃" ("x.y" integer, "Äpfel ""rot""" text, "a::b" date);
CREATE TABLE public.every_type (
  c_bool boolean, c_int2 smallint, c_int4 integer, c_int8 bigint, c_serial serial, c_float4 real, c_float8 double precision,
  c_numeric numeric, c_numeric_5 numeric(5), c_numeric_5_2 numeric(5, 2), c_numeric_neg numeric(3, -2), c_money money,
  c_char char(7), c_char_1 "char", c_varchar varchar(42), c_varchar_any varchar, c_text text, c_name name, c_bytea bytea,
  c_date date, c_time time(3), c_timetz timetz, c_timestamp timestamp(3), c_timestamptz timestamptz, c_interval interval,
  c_uuid uuid, c_json json, c_jsonb jsonb, c_jsonpath jsonpath, c_xml xml, c_inet inet, c_cidr cidr, c_macaddr macaddr,
  c_macaddr8 macaddr8, c_bit bit(4), c_varbit varbit, c_tsvector tsvector, c_tsquery tsquery, c_pg_lsn pg_lsn,
  c_pg_snapshot pg_snapshot, c_txid_snapshot txid_snapshot, c_point point, c_line line, c_lseg lseg, c_box box, c_path path,
  c_polygon polygon, c_circle circle, c_int4range int4range, c_numrange numrange, c_daterange daterange,
  c_tstzrange tstzrange, c_multi datemultirange, c_nmulti int8multirange, c_own_range sales.weights, c_oid oid,
  c_regclass regclass, c_xid8 xid8, c_tid tid, c_int_array integer[], c_varchar_array varchar(9)[], c_array_2 text[][],
  c_enum sales.order_status, c_enum_array sales.order_status[], c_domain sales.email, c_domain_array sales.emails,
  c_composite sales.address, c_composite_array sales.address[], c_row sales.orders, c_row_array sales.orders[]
);
CREATE UNLOGGED TABLE public.unlogged (a integer);
CREATE TABLE public.empty ();
CREATE TABLE public.dropped_column (a integer, gone integer, c integer);
ALTER TABLE public.dropped_column DROP COLUMN gone;
CREATE TABLE public.parent (a integer);
CREATE TABLE public.child (b integer) INHERITS (public.parent);
CREATE TEMPORARY TABLE not_told (a integer);

CREATE VIEW sales.paid AS
  SELECT o.id, c.name AS customer, o.net + o.tax AS gross, count(*) OVER (PARTITION BY o.customer_id) AS orders
  FROM sales.orders o JOIN sales.customers c ON c.id = o.customer_id WHERE o.status = 'paid';
COMMENT ON VIEW sales.paid IS 'Orders that were paid';
CREATE MATERIALIZED VIEW public.sold AS
  WITH sums AS (SELECT sku, sum(amount) AS pieces FROM sales.order_lines GROUP BY sku)
  SELECT sku, pieces, (SELECT max(p.gross) FROM sales.paid p) AS dearest FROM sums;
CREATE VIEW public.last_year AS SELECT at, body ->> 'user' AS who FROM sales.events_2025;
CREATE VIEW public.sessions AS SELECT pid, usename FROM pg_stat_activity;
CREATE VIEW "odd.schema""ü"."v ""1""" AS SELECT "x.y" AS "z ""z""" FROM "odd.schema""ü"."a.b ""c"" ☃";
`;
