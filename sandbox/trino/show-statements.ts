import type { MetadataStore, ResultSet } from './metadata-store.ts';
import type { Session } from './session.ts';
import { qualifiedNameAt, sqlTokens } from './sql-tokens.ts';
import { TrinoError } from './trino-error.ts';

const texts = (names: readonly string[], rows: readonly (readonly unknown[])[]): ResultSet => ({
  columns: names.map((name) => ({ name, type: 'varchar' })),
  rows: rows.values(),
});

const byName = (names: readonly string[]): string[][] => names.toSorted().map((name) => [name]);

/** SHOW CATALOGS, SCHEMAS, TABLES and COLUMNS, and DESCRIBE; undefined for anything else. @throws TrinoError */
export function answerShow(sql: string, session: Session, store: MetadataStore): ResultSet | undefined {
  const tokens = sqlTokens(sql).filter(({ kind }) => kind !== 'space');
  const [verb, what, from] = tokens.map(({ value }) => value);
  if (verb === 'describe' || verb === 'desc') return columns(qualifiedNameAt(tokens, 1)?.parts ?? [], session, store);
  if (verb !== 'show') return undefined;
  const named = from === 'from' || from === 'in' ? (qualifiedNameAt(tokens, 3)?.parts ?? []) : [];
  switch (what) {
    case 'catalogs': {
      const all = [{ name: 'system', denied: false }, ...store.catalogs.filter(({ name }) => name !== 'system')];
      return texts(['Catalog'], byName(all.filter(({ denied }) => !denied).map(({ name }) => name)));
    }
    case 'schemas': {
      const { schemas } = store.catalog(named[0] ?? given(session.catalog, 'catalog'));
      return texts(['Schema'], byName(['information_schema', ...schemas.map(({ name }) => name)]));
    }
    case 'tables': {
      const [schema = given(session.schema, 'schema'), catalog = given(session.catalog, 'catalog')] = [
        ...named,
      ].reverse();
      const found = store.catalog(catalog).schemas.find(({ name }) => name === schema);
      if (!found) throw new TrinoError('SCHEMA_NOT_FOUND', `line 1:1: Schema '${schema}' does not exist`);
      return texts(['Table'], byName(found.tables.map(({ name }) => name)));
    }
    case 'columns':
      return columns(named, session, store);
    default:
      return undefined;
  }
}

function given(value: string | undefined, what: 'catalog' | 'schema'): string {
  if (value !== undefined) return value;
  throw new TrinoError('SYNTAX_ERROR', `line 1:1: ${what} must be specified when session ${what} is not set`);
}

function columns(name: readonly string[], session: Session, store: MetadataStore): ResultSet {
  const [table = '', schema = given(session.schema, 'schema'), catalog = given(session.catalog, 'catalog')] = [
    ...name,
  ].reverse();
  const spec = store.table(catalog, schema, table);
  const rows = spec.columns.map(({ name: column, type, extra = '', comment = '' }) => [column, type, extra, comment]);
  return texts(['Column', 'Type', 'Extra', 'Comment'], rows);
}
