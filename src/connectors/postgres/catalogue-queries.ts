/**
 * The questions that are put to a database's catalogue: few, each for all there is of a kind, in the order of the oids.
 * None opens a relation, so that nobody's ALTER TABLE is waited for; but for the texts of views, which are asked apart.
 */

/** Databases of the server, and the template that we may have been asked to connect to. */
export interface DatabaseRow {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly description: string | null;
  /** Whether the user may connect to it, and anybody may. */
  readonly readable: boolean;
}

export const databasesQuery = `
  SELECT d.oid, d.datname AS name, pg_get_userbyid(d.datdba) AS owner, s.description,
    d.datallowconn AND has_database_privilege(d.oid, 'CONNECT') AS readable
  FROM pg_database d
  LEFT JOIN pg_shdescription s ON s.objoid = d.oid AND s.classoid = 'pg_database'::regclass
  WHERE NOT d.datistemplate OR d.datname = current_database()
  ORDER BY d.oid`;

/** PostgreSQL's own schemas, those of temporary tables among them. */
const ofPeople = `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;
const isRead = `c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition AND c.relpersistence <> 't'`;

export interface SchemaRow {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly description: string | null;
}

export const schemasQuery = `
  SELECT n.oid, n.nspname AS name, pg_get_userbyid(n.nspowner) AS owner, d.description
  FROM pg_namespace n
  LEFT JOIN pg_description d ON d.objoid = n.oid AND d.classoid = 'pg_namespace'::regclass AND d.objsubid = 0
  WHERE ${ofPeople}
  ORDER BY n.oid`;

/** A field of a composite type. */
export interface TypeField {
  readonly name: string;
  readonly type: number;
  readonly modifier: number;
  readonly display: string;
  readonly description: string | null;
}

export interface TypeRow {
  readonly oid: number;
  readonly name: string;
  /** b base, c composite, d domain, e enum, p pseudo, r range, m multirange */
  readonly kind: string;
  /** pg_type.typcategory */
  readonly category: string;
  /** Of an array: the type of its elements. */
  readonly element: number;
  /** Of a domain. */
  readonly base: number;
  readonly modifier: number;
  readonly notNull: boolean;
  /** Of a range: typcategory of its bounds. */
  readonly boundCategory: string | null;
  readonly fields: readonly TypeField[] | null;
}

/** Every type but the row types of tables, which are as many as there are tables. */
export const typesQuery = `
  SELECT t.oid, t.typname AS name, t.typtype AS kind, t.typcategory AS category, t.typelem AS element,
    t.typbasetype AS base, t.typtypmod AS modifier, t.typnotnull AS "notNull", bound.typcategory AS "boundCategory",
    CASE WHEN t.typtype = 'c' THEN (
      SELECT json_agg(json_build_object('name', a.attname, 'type', a.atttypid::bigint, 'modifier', a.atttypmod,
        'display', format_type(a.atttypid, a.atttypmod), 'description', d.description) ORDER BY a.attnum)
      FROM pg_attribute a
      LEFT JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
      WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    ) END AS fields
  FROM pg_type t
  LEFT JOIN pg_class c ON c.oid = t.typrelid
  LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_class ec ON ec.oid = e.typrelid
  LEFT JOIN pg_range r ON r.rngtypid = t.oid
  LEFT JOIN pg_type bound ON bound.oid = r.rngsubtype
  WHERE coalesce(c.relkind, 'c') = 'c' AND coalesce(ec.relkind, 'c') = 'c'`;

export interface ColumnRow {
  readonly name: string;
  /** attnum: stays when other columns go. */
  readonly number: number;
  readonly type: number;
  readonly modifier: number;
  readonly display: string;
  readonly notNull: boolean;
  /** `a` always, `d` by default. */
  readonly identity: string;
  /** `s` stored, `v` virtual. */
  readonly generated: string;
  readonly description: string | null;
}

export interface ConstraintRow {
  readonly kind: 'p' | 'u' | 'f';
  readonly columns: readonly number[];
  readonly refersTo: { readonly schema: string; readonly table: string; readonly columns: readonly string[] } | null;
}

export interface TableRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** r table, p partitioned table, f foreign table, v view, m materialized view */
  readonly kind: 'r' | 'p' | 'f' | 'v' | 'm';
  readonly owner: string;
  readonly description: string | null;
  /** Estimate; below zero where nobody has counted. */
  readonly rows: number;
  /** Of the table, its indexes and its TOAST table, as of the last VACUUM or ANALYZE. */
  readonly bytes: string;
  readonly columns: readonly ColumnRow[] | null;
  readonly constraints: readonly ConstraintRow[] | null;
  readonly policies: readonly string[] | null;
  readonly partitioned: {
    readonly key: string;
    /** Numbers of columns; 0 for an expression. */
    readonly columns: readonly number[];
    readonly partitions: number;
    readonly rows: number | null;
    readonly bytes: number | null;
  } | null;
}

/** Pages of a relation `c` with all that belongs to it. */
const pages = `(c.relpages::bigint
  + coalesce((SELECT t.relpages FROM pg_class t WHERE t.oid = c.reltoastrelid), 0)
  + coalesce((SELECT sum(x.relpages) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid), 0)
) * current_setting('block_size')::bigint`;

/** Names of columns of a relation by their numbers, in the order of these. */
const namesOf = (relation: string, numbers: string): string =>
  `(SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(${numbers}) WITH ORDINALITY u(number, at)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.number)`;

/** Tables and views with all that makes one; partitions stand for no table of their own. */
export const tablesQuery = `
  SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_get_userbyid(c.relowner) AS owner,
    d.description, c.reltuples AS rows, (${pages})::text AS bytes,
    (SELECT json_agg(json_build_object('name', a.attname, 'number', a.attnum, 'type', a.atttypid::bigint,
        'modifier', a.atttypmod, 'display', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
        'identity', a.attidentity, 'generated', a.attgenerated, 'description', ad.description) ORDER BY a.attnum)
      FROM pg_attribute a
      LEFT JOIN pg_description ad
        ON ad.objoid = a.attrelid AND ad.classoid = 'pg_class'::regclass AND ad.objsubid = a.attnum
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    (SELECT json_agg(json_build_object('kind', k.contype, 'columns', k.conkey,
        'refersTo', CASE WHEN k.contype = 'f' THEN json_build_object('schema', fn.nspname, 'table', fc.relname,
          'columns', ${namesOf('k.confrelid', 'k.confkey')}) END) ORDER BY k.oid)
      FROM pg_constraint k
      LEFT JOIN pg_class fc ON fc.oid = coalesce(pg_partition_root(k.confrelid), k.confrelid)
      LEFT JOIN pg_namespace fn ON fn.oid = fc.relnamespace
      WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f') AND k.conparentid = 0) AS constraints,
    (SELECT json_agg(p.polname ORDER BY p.polname) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
    CASE WHEN c.relkind = 'p' THEN (
      WITH RECURSIVE parts AS (
        SELECT i.inhrelid AS oid FROM pg_inherits i WHERE i.inhparent = c.oid
        UNION ALL
        SELECT i.inhrelid FROM pg_inherits i JOIN parts ON i.inhparent = parts.oid
      )
      SELECT json_build_object('key', pg_get_partkeydef(whole.oid),
        'columns', (SELECT string_to_array(pt.partattrs::text, ' ')::int[] FROM pg_partitioned_table pt
          WHERE pt.partrelid = whole.oid),
        'partitions', count(c.oid), 'rows', sum(greatest(c.reltuples, 0)), 'bytes', sum(${pages}))
      FROM (SELECT c.oid) whole LEFT JOIN parts ON true
      LEFT JOIN pg_class c ON c.oid = parts.oid AND c.relkind <> 'p'
      GROUP BY whole.oid
    ) END AS partitioned
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
  WHERE ${isRead} AND ${ofPeople}
  ORDER BY c.oid`;

/** How many there are, of tables, views and partitions. */
export interface CountsRow {
  readonly schemas: number;
  readonly tables: number;
  readonly views: number;
  /** Those whose rows the user may not read. */
  readonly closed: number;
  readonly partitions: number;
}

export const countsQuery = `
  SELECT count(DISTINCT n.oid)::int AS schemas,
    count(*) FILTER (WHERE ${isRead} AND c.relkind NOT IN ('v', 'm'))::int AS tables,
    count(*) FILTER (WHERE ${isRead} AND c.relkind IN ('v', 'm'))::int AS views,
    count(*) FILTER (WHERE ${isRead} AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')))::int AS closed,
    count(*) FILTER (WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f'))::int AS partitions
  FROM pg_namespace n
  LEFT JOIN pg_class c ON c.relnamespace = n.oid
  WHERE ${ofPeople}`;

/** What a view reads from, as PostgreSQL has noted it when the view was made. */
export interface ViewSource {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
  /** Those that the view's query names anywhere. */
  readonly used: readonly string[] | null;
  /** The partitioned table that it is a part of, or itself. */
  readonly whole: { readonly oid: number; readonly schema: string; readonly name: string };
  /** In a schema that is PostgreSQL's own. */
  readonly ofSystem: boolean;
}

export interface ViewRow {
  readonly oid: number;
  readonly statement: string;
  /** Undefined columns are those of the view itself, in their order. */
  readonly definition: string | null;
  readonly sources: readonly ViewSource[] | null;
}

/** Texts and sources of views, by their oids. Names outside of pg_catalog are told with their schema. */
export const viewsSearchPath = 'SET LOCAL search_path = pg_catalog';
export const viewsQuery = `
  SELECT c.oid, pg_get_viewdef(c.oid) AS definition,
    CASE c.relkind WHEN 'm' THEN 'CREATE MATERIALIZED VIEW ' ELSE 'CREATE VIEW ' END
      || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS statement,
    (SELECT json_agg(json_build_object('oid', s.oid::bigint, 'schema', sn.nspname, 'name', s.relname,
        'columns', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
          WHERE a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped),
        'used', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
          WHERE a.attrelid = s.oid AND a.attnum = ANY (used.numbers)),
        'whole', json_build_object('oid', w.oid::bigint, 'schema', wn.nspname, 'name', w.relname),
        'ofSystem', wn.nspname = 'information_schema' OR wn.nspname ~ '^pg_') ORDER BY s.oid)
      FROM (
        SELECT dep.refobjid, array_agg(DISTINCT dep.refobjsubid) AS numbers
        FROM pg_rewrite r
        JOIN pg_depend dep ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = r.oid
          AND dep.refclassid = 'pg_class'::regclass
        WHERE r.ev_class = c.oid AND r.rulename = '_RETURN' AND dep.refobjid <> c.oid
        GROUP BY dep.refobjid
      ) used
      JOIN pg_class s ON s.oid = used.refobjid AND s.relkind IN ('r', 'p', 'f', 'v', 'm')
      JOIN pg_namespace sn ON sn.oid = s.relnamespace
      JOIN pg_class w ON w.oid = coalesce(pg_partition_root(s.oid), s.oid)
      JOIN pg_namespace wn ON wn.oid = w.relnamespace) AS sources
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = ANY ($1::oid[])
  ORDER BY c.oid`;
