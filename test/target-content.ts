import { dumpTarget } from '../sandbox/openmetadata/digest.ts';

interface Doc {
  readonly [key: string]: unknown;
}

const assets = new Set(['databaseService', 'database', 'databaseSchema', 'table', 'classification', 'tag', 'lineage']);
const kept = ['name', 'fullyQualifiedName', 'displayName', 'description', 'tableType', 'from', 'to', 'extension'];
const keptOfColumns = ['name', 'displayName', 'description', 'dataType', 'dataTypeDisplay', 'dataLength', 'constraint'];

/** What a target holds, in the keys that all server versions have: one line an entity or edge. */
export async function contentOf(om: { url: string; botToken: string }): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of dumpTarget(om.url, om.botToken)) {
    const doc = JSON.parse(line) as Doc;
    if (!assets.has(String(doc['type']))) continue;
    // Classifications that a server brings along differ from version to version.
    if (doc['provider'] === 'system' || /^(tag|classification)$/.test(String(doc['type']))) {
      if (!String(doc['fullyQualifiedName']).startsWith('Atlas')) continue;
    }
    lines.push(JSON.stringify(essence(doc)));
  }
  return lines;
}

function essence(doc: Doc): Doc {
  const view = doc['viewDefinition'] ?? doc['schemaDefinition'];
  const owner = doc['owners'] ?? (doc['owner'] === undefined ? [] : [doc['owner']]);
  return {
    type: doc['type'],
    ...pick(doc, kept),
    ...(doc['extension'] !== undefined && { extension: wordsOf(doc['extension'] as Doc) }),
    view,
    owner: doc['type'] === 'table' ? owner : undefined,
    tags: labels(doc['tags']),
    columns: (doc['columns'] as Doc[] | undefined)?.map(columnEssence),
    ...pick((doc['lineageDetails'] ?? {}) as Doc, ['sqlQuery', 'columnsLineage']),
  };
}

/** An enum's one word: a list of it where the server has enums (1.3), a text before. */
function wordsOf(extension: Doc): Doc {
  const word = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value);
  return Object.fromEntries(Object.entries(extension).map(([name, value]) => [name, word(value)]));
}

function columnEssence(column: Doc): Doc {
  return {
    ...pick(column, keptOfColumns),
    tags: labels(column['tags']),
    children: (column['children'] as Doc[] | undefined)?.map(columnEssence),
  };
}

function pick(doc: Doc, keys: readonly string[]): Doc {
  return Object.fromEntries(keys.filter((key) => doc[key] !== undefined).map((key) => [key, doc[key]]));
}

function labels(tags: unknown): string[] {
  return ((tags ?? []) as { tagFQN: string; labelType: string }[])
    .map((tag) => `${tag.tagFQN} ${tag.labelType}`)
    .sort();
}
