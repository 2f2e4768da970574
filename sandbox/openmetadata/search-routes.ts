import { unforeseen } from './api-error.ts';
import type { Context } from './context.ts';
import { type Doc, docList, isDoc } from './doc.ts';
import { splitFqn } from './fqn.ts';
import { ok, type Reply, type Request, type Route } from './reply.ts';
import { matches, parseQuery, pick, type SearchQuery, termsIn } from './search-query.ts';
import { showEntity } from './show-entity.ts';
import type { EntityRow } from './store.ts';

/** `/search`: looks at the store itself, so that nothing lags behind the writes. */
export const searchRoute: Route = (rest, request, context) => {
  if (request.method !== 'GET' || rest.length !== 1) {
    return undefined;
  }
  if (rest[0] === 'query') {
    return query(request, context);
  }
  if (rest[0] === 'suggest') {
    return suggest(request, context);
  }
  return rest[0] === 'fieldQuery' && context.version.atLeast(2) ? fieldQuery(request, context) : undefined;
};

const MANY = 'table topic pipeline container mlmodel';

function typesOf(index: string, context: Context): string[] {
  if (['all', 'dataAsset', 'all_search_index', ''].includes(index)) {
    return MANY.split(' ');
  }
  const type = index.replace(/_search_index$/, '').replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
  if (!context.collections.has(type)) {
    throw unforeseen(`Elasticsearch exception [type=index_not_found_exception, reason=no such index [${index}]]`, 404);
  }
  return [type];
}

function query(request: Request, context: Context): Reply {
  const { query: given } = request;
  const q = given.get('q') ?? '*';
  const parsed = parseQuery(q);
  const filters = ['query_filter', 'post_filter'].map((key) => given.get(key)).filter((text) => text !== null);
  const terms = new Map([...parsed.terms, ...filters.flatMap((text) => [...termsIn(JSON.parse(text))])]);
  return ok(answer({ ...base(request, context), ...parsed, terms }, request, context, parsed.words));
}

function fieldQuery(request: Request, context: Context): Reply {
  const [field, value] = [request.query.get('fieldName') ?? '', request.query.get('fieldValue') ?? ''];
  const isName = field === 'fullyQualifiedName';
  const wanted: SearchQuery = {
    ...base(request, context),
    fqnPattern: isName ? value : undefined,
    words: [],
    terms: isName ? new Map() : new Map([[field, value]]),
  };
  return ok(answer(wanted, request, context, []));
}

function base(request: Request, context: Context): Pick<SearchQuery, 'types' | 'deleted' | 'after'> {
  const { query: given } = request;
  return {
    types: typesOf(given.get('index') ?? 'table_search_index', context),
    deleted: given.get('deleted') === 'true',
    after: given.get('search_after') ?? undefined,
  };
}

const FACETS = ['serviceType', 'databaseSchema.name', 'entityType', 'tier.tagFQN', 'service.name', 'database.name'];

function answer(wanted: SearchQuery, request: Request, context: Context, words: readonly string[]): Doc {
  const { query: given } = request;
  const from = Number(given.get('from') ?? 0);
  const size = Number(given.get('size') ?? 10);
  const index = given.get('index') ?? 'table_search_index';
  const keys = given.getAll('include_source_fields').flatMap((text) => text.split(','));
  const sorted = given.get('sort_field') !== null;
  const facets = new Map(FACETS.map((name) => [name, new Map<string, number>()]));
  const hits: Doc[] = [];
  let total = 0;
  for (const row of matches(wanted, context, (one) => sourceOf(one, context))) {
    countFacets(facets, row);
    if (total >= from && hits.length < size) {
      hits.push({
        _index: index,
        _type: '_doc',
        _id: row.id,
        _score: 1,
        _source: pick(sourceOf(row, context), keys),
        ...(words.length === 0 ? {} : { highlight: highlight(row, words) }),
        ...(sorted ? { sort: [row.fqn] } : {}),
      });
    }
    total += 1;
  }
  return {
    took: 1,
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: { total: { value: total, relation: 'eq' }, max_score: total === 0 ? null : 1, hits },
    aggregations: Object.fromEntries([...facets].map(([name, counts]) => [facetName(name), toBuckets(counts)])),
  };
}

function facetName(path: string): string {
  return `sterms#${path}${path.endsWith('.name') ? '.keyword' : ''}`;
}

function toBuckets(counts: ReadonlyMap<string, number>): Doc {
  const buckets = [...counts].sort((a, b) => b[1] - a[1]).map(([key, count]) => ({ key, doc_count: count }));
  return { doc_count_error_upper_bound: 0, sum_other_doc_count: 0, buckets: buckets.slice(0, 10) };
}

/** Names of what is above an entity are told by its own name, so that nothing else has to be read. */
function countFacets(facets: Map<string, Map<string, number>>, row: EntityRow): void {
  const parts = splitFqn(row.fqn).map((part) => part.replace(/^"(.*)"$/, '$1'));
  const values: Readonly<Record<string, unknown>> = {
    serviceType: row.doc['serviceType'],
    entityType: row.type,
    'service.name': parts.length > 1 ? parts[0] : undefined,
    'database.name': row.type === 'table' ? parts[1] : undefined,
    'databaseSchema.name': row.type === 'table' ? parts[2] : undefined,
  };
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'string') {
      const counts = facets.get(name)!;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
}

function highlight(row: EntityRow, words: readonly string[]): Doc {
  const marks = new Set(words.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u)));
  const name = String(row.doc['displayName'] ?? row.doc['name']);
  const marked = name.replace(/[\p{L}\p{N}]+/gu, (word) =>
    marks.has(word.toLowerCase()) ? `<span class="text-highlighter">${word}</span>` : word,
  );
  return marked === name ? {} : { displayName: [marked] };
}

/** An entity as the search index holds it. */
function sourceOf(row: EntityRow, context: Context): Doc {
  const fields = new Set([context.version.ownerKey, 'extension', 'viewDefinition', 'columns', 'tasks', 'dataModel']);
  const actor = { name: 'admin', isBot: false } as const;
  const doc = showEntity(row, context, { fields, address: true, actor });
  const labels = context.labels.show(context.labels.of(row.id).get('') ?? []);
  const name = String(row.doc['name']);
  const source: Doc = {
    ...doc,
    displayName: doc['displayName'] ?? name,
    tags: labels.filter((label) => !String(label['tagFQN']).startsWith('Tier.')),
    tier: labels.find((label) => String(label['tagFQN']).startsWith('Tier.')) ?? null,
    followers: [],
    suggest: suggestions(row),
    entityType: row.type,
  };
  for (const [key, above] of [
    ['service_suggest', doc['service']],
    ['schema_suggest', doc['databaseSchema']],
    ['database_suggest', doc['database']],
  ] as const) {
    if (isDoc(above)) {
      source[key] = [{ input: above['name'], weight: 5 }];
    }
  }
  if (row.type === 'table') {
    source['column_suggest'] = docList(doc['columns']).map((column) => ({ input: column['name'], weight: 5 }));
  }
  return source;
}

interface Suggestion {
  readonly input: string;
  readonly weight: number;
}

function suggestions(row: EntityRow): Suggestion[] {
  const name = String(row.doc['name']);
  const parts = splitFqn(row.fqn);
  const shorter = parts.slice(1, -1).map((_part, index) => ({ input: parts.slice(index + 1).join('.'), weight: 5 }));
  return [{ input: row.fqn, weight: 5 }, { input: name, weight: 10 }, ...shorter];
}

function suggest(request: Request, context: Context): Reply {
  const q = request.query.get('q') ?? '';
  const index = request.query.get('index') ?? 'table_search_index';
  const size = Number(request.query.get('size') ?? 10);
  const keys = request.query.getAll('include_source_fields').flatMap((text) => text.split(','));
  const wanted = {
    types: typesOf(index, context),
    deleted: false,
    fqnPattern: undefined,
    terms: new Map(),
    after: undefined,
  };
  const options: Doc[] = [];
  for (const row of matches({ ...wanted, words: [q.toLowerCase()] }, context, (one) => sourceOf(one, context))) {
    const hit = suggestions(row)
      .filter(({ input }) => input.toLowerCase().startsWith(q.toLowerCase()))
      .sort((a, b) => b.weight - a.weight)[0];
    if (hit !== undefined && options.length < size) {
      options.push({
        text: hit.input,
        _index: index,
        _type: '_doc',
        _id: row.id,
        _score: hit.weight,
        _source: pick(sourceOf(row, context), keys),
        contexts: { deleted: ['false'] },
      });
    }
  }
  return ok({ suggest: { 'metadata-suggest': [{ text: q, offset: 0, length: q.length, options }] } });
}
