import type { MetadataStore, ResultSet } from './metadata-store.ts';
import type { Session } from './session.ts';
import { answerShow } from './show-statements.ts';
import { sqlTokens, tableNames } from './sql-tokens.ts';
import { TrinoError } from './trino-error.ts';

/** Rows of tables, where the stand-in has any: a real engine behind it. */
export interface DataEngine {
  /** @throws TrinoError */
  query(sql: string, session: Session, signal: AbortSignal): Promise<ResultSet>;
  /** What `SHOW STATS FOR` tells of a table, by catalog, schema and name. */
  statistics(name: readonly string[], signal: AbortSignal): Promise<ResultSet>;
  close(): Promise<void>;
}

/** What a statement answers with, and headers that change the client's session. */
export interface Answer {
  readonly result: ResultSet;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answering {
  readonly store: MetadataStore;
  readonly data: DataEngine | undefined;
}

const nothing: ResultSet = {
  columns: [{ name: 'result', type: 'boolean' }],
  rows: [[true]].values(),
};

/** Runs one statement. @throws TrinoError */
export async function answerStatement(
  sql: string,
  session: Session,
  { store, data }: Answering,
  signal: AbortSignal,
): Promise<Answer> {
  const text = sql.trim().replace(/;$/, '');
  const set = sessionStatement(text, session);
  if (set) return set;
  const [, prepared, values] = /^execute\s+(\w+)(?:\s+using\s+([\s\S]+))?$/i.exec(text) ?? [];
  if (prepared !== undefined) {
    const found = session.prepared.get(prepared);
    if (found === undefined) throw new TrinoError('SYNTAX_ERROR', `Prepared statement not found: ${prepared}`);
    return answerStatement(withValues(found, values), session, { store, data }, signal);
  }
  const stats = /^show\s+stats\s+for\s+(.+)$/is.exec(text)?.[1];
  if (stats !== undefined) return { result: await statistics(stats, session, { store, data }, signal) };
  const shown = answerShow(text, session, store);
  if (shown) return { result: shown };
  if (store.answers(text, session.catalog)) return { result: store.query(text, session.catalog) };
  if (!/^(select|with|values)\b/i.test(text)) {
    throw new TrinoError('SYNTAX_ERROR', `line 1:1: mismatched input '${text.split(/\s/)[0] ?? ''}'`);
  }
  for (const name of wholeNames(text, session)) store.table(...name);
  if (!data) throw new TrinoError('GENERIC_INTERNAL_ERROR', 'The stand-in holds no rows: it was started without data');
  return { result: await data.query(text, session, signal) };
}

type WholeName = readonly [catalog: string, schema: string, table: string];

/** The tables that a query names; what has no catalog is no table. */
function wholeNames(sql: string, session: Session): WholeName[] {
  return tableNames(sqlTokens(sql)).flatMap(({ parts }): WholeName[] => {
    const [table = '', schema = session.schema, catalog = session.catalog] = [...parts].reverse();
    return schema === undefined || catalog === undefined ? [] : [[catalog, schema, table]];
  });
}

async function statistics(
  table: string,
  session: Session,
  { store, data }: Answering,
  signal: AbortSignal,
): Promise<ResultSet> {
  const [name] = wholeNames(`FROM ${table}`, session);
  if (!name) throw new TrinoError('SYNTAX_ERROR', `line 1:16: mismatched input '${table}'`);
  store.table(...name);
  if (!data) throw new TrinoError('GENERIC_INTERNAL_ERROR', 'The stand-in holds no rows: it was started without data');
  return data.statistics(name, signal);
}

/** USE, SET SESSION and PREPARE: nothing but headers that the client sends from then on. */
function sessionStatement(text: string, session: Session): Answer | undefined {
  const used = /^use\s+(?:"?([\w-]+)"?\s*\.\s*)?"?([\w-]+)"?$/i.exec(text);
  if (used) {
    const headers = { 'X-Trino-Set-Catalog': used[1] ?? session.catalog ?? '', 'X-Trino-Set-Schema': used[2]! };
    return { result: nothing, headers };
  }
  const set = /^set\s+session\s+([\w.]+)\s*=\s*'?([^']*)'?$/i.exec(text);
  if (set) return { result: nothing, headers: { 'X-Trino-Set-Session': `${set[1]}=${encodeURIComponent(set[2]!)}` } };
  const prepare = /^prepare\s+(\w+)\s+from\s+([\s\S]+)$/i.exec(text);
  if (!prepare) return undefined;
  return { result: nothing, headers: { 'X-Trino-Added-Prepare': `${prepare[1]}=${encodeURIComponent(prepare[2]!)}` } };
}

function withValues(sql: string, values: string | undefined): string {
  const given = values?.match(/'(?:[^']|'')*'|[^,\s]+/g) ?? [];
  let at = 0;
  return sql.replace(/'(?:[^']|'')*'|\?/g, (piece) => (piece === '?' ? (given[at++] ?? 'NULL') : piece));
}
