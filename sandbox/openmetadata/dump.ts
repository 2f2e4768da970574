import type { ServerResponse } from 'node:http';
import type { Context } from './context.ts';
import type { Doc } from './doc.ts';
import { showEntity } from './show-entity.ts';
import type { EntityRow } from './store.ts';

export const DUMP_PATH = '/__sandbox/dump';

const PASSING = new Set([
  'id',
  'href',
  'version',
  'updatedAt',
  'updatedBy',
  'changeDescription',
  'usageSummary',
  'joins',
]);
/** Seeded by the server and the same everywhere, or about the run rather than its outcome. */
const LEFT_OUT = new Set(['role', 'type', 'ingestionPipeline']);
const BATCH = 200;

/**
 * Serves everything in the store as lines of JSON, in the order of kind and name and without what differs from run to
 * run (ids, times, versions), so that two stores can be compared.
 * @returns false when the request is for another path.
 */
export function serveDump(url: URL, res: ServerResponse, context: Context): boolean {
  if (url.pathname !== DUMP_PATH) {
    return false;
  }
  res.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  void write(res, context);
  return true;
}

async function write(res: ServerResponse, context: Context): Promise<void> {
  for (const line of dumpLines(context)) {
    if (!res.write(`${line}\n`)) {
      await new Promise<void>((resolve) => {
        res.once('drain', resolve);
        res.once('close', resolve);
      });
    }
    if (res.destroyed) {
      return;
    }
  }
  res.end();
}

/** One line an entity, each followed by one for every edge that leads away from it. */
function* dumpLines(context: Context): Generator<string> {
  const types = [...context.collections.all()]
    .map((collection) => collection.type)
    .filter((type) => !LEFT_OUT.has(type));
  for (const type of types.sort()) {
    yield* entityLines(type, context);
  }
}

function* entityLines(type: string, context: Context): Generator<string> {
  const fields = new Set([...context.collections.byType(type).keys].filter((key) => !PASSING.has(key)));
  for (const key of ['children', 'databaseSchemas', 'tables', 'customMetrics', 'profile', 'sampleData', 'usageCount']) {
    fields.delete(key);
  }
  const actor = { name: 'admin', isBot: false } as const;
  let after: string | undefined;
  while (true) {
    const rows = context.store.page({ type, include: 'all', after, limit: BATCH });
    for (const row of rows) {
      yield JSON.stringify({ type, ...normal(showEntity(row, context, { fields, address: false, actor })) });
      yield* edgeLines(row, context);
    }
    if (rows.length < BATCH) {
      return;
    }
    after = rows.at(-1)!.fqn;
  }
}

function* edgeLines(row: EntityRow, context: Context): Generator<string> {
  const sql =
    'SELECT t.type AS type, t.fqn AS fqn, l.doc AS doc FROM lineage l JOIN entities t ON t.id = l.target ' +
    'WHERE l.source = ? ORDER BY t.type, t.fqn';
  for (const edge of context.store.prepare(sql).all(row.id)) {
    const ends = { from: `${row.type} ${row.fqn}`, to: `${String(edge['type'])} ${String(edge['fqn'])}` };
    yield JSON.stringify({ type: 'lineage', ...ends, ...normal(JSON.parse(edge['doc'] as string) as Doc) });
  }
}

/** Without what passes, and with keys and label lists in one order; a reference becomes the name it points to. */
function normal(value: Doc): Doc {
  return tidy(value, true) as Doc;
}

function tidy(value: unknown, top: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => tidy(item, false));
    return items.every((item) => typeof item === 'string' || isLabel(item)) ? items.sort(byText) : items;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const doc = value as Doc;
  if (!top && typeof doc['id'] === 'string' && typeof doc['type'] === 'string') {
    return `${doc['type']} ${String(doc['fullyQualifiedName'] ?? doc['name'] ?? '')}`;
  }
  const keys = Object.keys(doc)
    .filter((key) => !PASSING.has(key))
    .sort();
  return Object.fromEntries(keys.map((key) => [key, tidy(doc[key], false)]));
}

function isLabel(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'tagFQN' in value;
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
