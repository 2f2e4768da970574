import { dumpTarget } from '../sandbox/openmetadata/digest.ts';

type Doc = Readonly<Record<string, unknown>>;

/** Kinds that a migration brings, each with what it may not lose; keys that versions call differently have one name. */
const left: ReadonlySet<string> = new Set([
  ...['metadataService', 'team', 'user', 'query', 'bot'],
  // What a server computes, says of itself, or has beside in some versions only.
  ...[
    'provider',
    'deleted',
    'status',
    'entityStatus',
    'usageSummary',
    'pipelineStatus',
    'changeDescription',
    'disabled',
  ],
  ...[
    'owner',
    'owners',
    'viewDefinition',
    'schemaDefinition',
    'pipelineUrl',
    'sourceUrl',
    'taskUrl',
    'fullPath',
    'tags',
  ],
  // A service is connected anew by people.
  'connection',
  // What a column's labels bring along.
  ...['style', 'href', 'lineageDetails', 'tablePartition'],
]);
const leftKinds: ReadonlySet<string> = new Set(['metadataService', 'team', 'user', 'query', 'bot', 'persona']);

/** Everything that a server holds and a migration brings: a line an entity or edge, the same for every version. */
export async function wholeContent(om: { readonly url: string; readonly botToken: string }): Promise<string[]> {
  const docs: Doc[] = [];
  for await (const line of dumpTarget(om.url, om.botToken)) docs.push(JSON.parse(line) as Doc);
  const used = new Set(
    docs.flatMap((doc) => [...JSON.stringify(doc).matchAll(/"tagFQN":"([^"]+)"/g)].map(([, fqn]) => fqn)),
  );
  return docs
    .filter((doc) => !leftKinds.has(String(doc['type'])) && doc['deleted'] !== true)
    .filter((doc) => doc['provider'] !== 'system' || used.has(String(doc['fullyQualifiedName'])))
    .map((doc) => JSON.stringify(essence(doc)))
    .sort();
}

function essence(doc: Doc): Doc {
  const owners = doc['owners'] ?? (doc['owner'] === undefined ? [] : [doc['owner']]);
  const details = doc['lineageDetails'] as Doc | undefined;
  return sorted({
    ...(tidy(doc) as Doc),
    owners,
    partition: partitionOf(doc['tablePartition'] as Doc | undefined),
    view: doc['viewDefinition'] ?? doc['schemaDefinition'],
    address: doc['sourceUrl'] ?? doc['pipelineUrl'],
    ...(details && { sqlQuery: details['sqlQuery'], pipeline: details['pipeline'], pairs: details['columnsLineage'] }),
  });
}

/** Until 1.3 all columns of a partition share one interval. */
function partitionOf(partition: Doc | undefined): unknown {
  const { columns = [], intervalType, interval } = (partition ?? {}) as { columns?: (string | Doc)[] } & Doc;
  return columns.map((column) =>
    typeof column === 'string'
      ? [column, intervalType, interval]
      : [column['columnName'], column['intervalType'], column['interval']],
  );
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  const doc = value as Doc;
  // A typed relation of terms: its kind came with 1.13.
  if ('term' in doc && 'relationType' in doc) return doc['term'];
  const kept = Object.entries(doc).filter(([key, item]) => !left.has(key) && item !== undefined && !isEmpty(item));
  const labels = doc['tags'] as readonly { readonly tagFQN: string; readonly source: string }[] | undefined;
  return sorted({
    ...Object.fromEntries(kept.map(([key, item]) => [key, tidy(item)])),
    ...(labels?.length && { tags: labels.map(({ tagFQN, source }) => `${source} ${tagFQN}`).sort() }),
  });
}

const isEmpty = (item: unknown): boolean => Array.isArray(item) && item.length === 0;

function sorted(doc: Doc): Doc {
  return Object.fromEntries(Object.entries(doc).sort(([a], [b]) => (a < b ? -1 : 1)));
}
