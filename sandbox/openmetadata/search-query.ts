import type { Context } from './context.ts';
import { type Doc, docList, isDoc, text } from './doc.ts';
import { type EntityRow, toRow } from './store.ts';

/** What a search wants of an entity. */
export interface SearchQuery {
  readonly types: readonly string[];
  readonly deleted: boolean;
  /** Pattern of the fully qualified name, with `*` and `?`. */
  readonly fqnPattern: string | undefined;
  /** Words that all have to occur in names or texts. */
  readonly words: readonly string[];
  /** Values that properties must have, by path such as `service.name`. */
  readonly terms: ReadonlyMap<string, string>;
  /** Only names behind this one. */
  readonly after: string | undefined;
}

const BATCH = 500;

/** Reads a query in the search engine's short form: words, `field:pattern`, parts joined by AND, or `*`. */
export function parseQuery(q: string): Pick<SearchQuery, 'fqnPattern' | 'words' | 'terms'> {
  const words: string[] = [];
  const terms = new Map<string, string>();
  let fqnPattern: string | undefined;
  for (const part of q.split(/\s+AND\s+|\s+/)) {
    const plain = part.replace(/\\(.)/g, '$1').replace(/^\(|\)$/g, '');
    const field = /^([\w.]+):(.+)$/.exec(plain);
    if (field?.[1] === 'fullyQualifiedName' || field?.[1] === 'fullyQualifiedName.keyword') {
      fqnPattern = unquote(field[2]!);
    } else if (field !== null) {
      terms.set(field[1]!.replace(/\.keyword$/, ''), unquote(field[2]!));
    } else if (plain !== '' && plain !== '*' && plain !== '**') {
      words.push(plain.replaceAll('*', '').toLowerCase());
    }
  }
  return { fqnPattern, words, terms };
}

function unquote(value: string): string {
  return /^".*"$/.test(value) && !value.slice(1, -1).includes('"') ? value.slice(1, -1) : value;
}

/** The `term` conditions of a filter in the search engine's JSON form, wherever they stand in it. */
export function termsIn(filter: unknown): Map<string, string> {
  const terms = new Map<string, string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(look);
    } else if (isDoc(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (key === 'term' && isDoc(item)) {
          for (const [field, wanted] of Object.entries(item)) {
            terms.set(field.replace(/\.keyword$/, ''), String(isDoc(wanted) ? wanted['value'] : wanted));
          }
        } else {
          look(item);
        }
      }
    }
  };
  look(filter);
  return terms;
}

/** All entities that match, in the order of their names; read in batches. */
export function* matches(
  query: SearchQuery,
  context: Context,
  toSource: (row: EntityRow) => Doc,
): Generator<EntityRow> {
  for (const type of query.types) {
    let last = query.after ?? '';
    while (true) {
      const rows = batch(type, query, last, context);
      for (const row of rows) {
        if (fits(row, query, toSource)) {
          yield row;
        }
      }
      if (rows.length < BATCH) {
        break;
      }
      last = rows.at(-1)!.fqn;
    }
  }
}

function batch(type: string, query: SearchQuery, after: string, context: Context): EntityRow[] {
  const values: (string | number)[] = [type, query.deleted ? 1 : 0, after];
  let sql = 'SELECT * FROM entities WHERE type = ? AND deleted = ? AND fqn > ?';
  if (query.fqnPattern !== undefined) {
    sql += ' AND fqn GLOB ?';
    values.push(query.fqnPattern.replaceAll('[', '[[]'));
  }
  for (const word of query.words) {
    sql += ' AND instr(lower(doc), ?) > 0';
    values.push(word);
  }
  const rows = context.store.prepare(`${sql} ORDER BY fqn LIMIT ${BATCH}`).all(...values);
  return rows.map((row) => toRow(row)!);
}

function fits(row: EntityRow, query: SearchQuery, toSource: (row: EntityRow) => Doc): boolean {
  if (query.words.length > 0) {
    const { doc } = row;
    const columns = docList(doc['columns']).map((column) => column['name']);
    const searched = [doc['name'], doc['displayName'], doc['description'], ...columns].join('\n').toLowerCase();
    if (!query.words.every((word) => searched.includes(word))) {
      return false;
    }
  }
  if (query.terms.size === 0) {
    return true;
  }
  const source = toSource(row);
  return [...query.terms].every(([path, wanted]) =>
    valuesAt(source, path.split('.')).some((value) => like(value, wanted)),
  );
}

function valuesAt(value: unknown, path: readonly string[]): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => valuesAt(item, path));
  }
  const [key, ...rest] = path;
  if (key === undefined) {
    return value === undefined || value === null ? [] : [String(value)];
  }
  return isDoc(value) ? valuesAt(value[key], rest) : [];
}

function like(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'is').test(value);
}

/** The part of a document that a search asked for; all of it when nothing is named. */
export function pick(source: Doc, keys: readonly string[]): Doc {
  if (keys.length === 0) {
    return source;
  }
  return Object.fromEntries(
    keys.filter((key) => text(key) !== undefined && key in source).map((key) => [key, source[key]]),
  );
}
