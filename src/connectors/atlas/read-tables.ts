import type { NamePath, TableRecord } from '../../model/records.ts';
import type { SourceContext } from '../source.ts';
import { bulkSize } from './atlas-client.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasEntity, BulkAnswer } from './atlas-types.ts';
import { columnRecord, inOrder, objectId, objectIds, qualifiedName, tableRecord } from './map-entity.ts';
import { reportProblem } from './search-pages.ts';
import type { Spool } from './spool.ts';
import { systemAttributes, type TableShape, type TypeRegistry } from './type-registry.ts';

const tableAttributes = [
  'tableType',
  'comment',
  'viewOriginalText',
  'viewExpandedText',
  'createTime',
  'parameters',
  'partitionKeys',
];
const columnAttributes = ['comment'];
/** Bulk requests under way at once. */
const bulksAhead = 2;
/** Rows a page: a row of a table with its texts and labels takes some kilobytes of the heap, and more while it is parsed. */
const tablesPerPage = 2_000;
const columnsPerPage = 4_000;

export interface TableReading {
  readonly client: AtlasReader;
  readonly registry: TypeRegistry;
  readonly spool: Spool;
  readonly context: SourceContext;
  /** Above so many columns they come with their tables (bulk GET) instead of by their own search. */
  readonly columnsBySearchLimit: number;
  /** Where a database's tables go; undefined for a database that is not there. */
  readonly schemaPath: (dbGuid: string) => NamePath | undefined;
}

/** All tables of one shape, with their columns. Memory does not grow with their number. */
export async function* readTables(shape: TableShape, reading: TableReading): AsyncGenerator<TableRecord> {
  const { client, context } = reading;
  const count = await client.count(shape.columnType, context.signal);
  const canSearch = shape.column.table !== undefined && count <= reading.columnsBySearchLimit;
  const complete = canSearch ? await spoolColumns(shape, reading) : false;
  if (canSearch && !complete) {
    // Without all columns no table's structure is known; their own words still are, in the bulk answer.
    context.report({
      outcome: 'skipped',
      kind: 'table',
      reason: 'columns-by-bulk',
      name: shape.columnType,
      message: 'the search for columns failed, so that they were read with their tables',
    });
  }
  for await (const tables of tablePages(shape, reading)) {
    if (complete) yield* joinSpooled(tables, shape, reading);
    else yield* withColumns(tables, shape, reading);
  }
}

/** @returns false when not all columns could be read */
async function spoolColumns(shape: TableShape, reading: TableReading): Promise<boolean> {
  const { client, registry, spool, context } = reading;
  const { type, position, table } = shape.column;
  const wanted = [type, ...(position ? [position] : []), ...(table ? [table] : []), ...columnAttributes];
  const attributes = [...registry.common([shape.columnType], wanted), ...registry.addedAttributes([shape.columnType])];
  try {
    // More than one page ahead hardly makes a server faster, and each waits in the heap.
    const query = { types: [shape.columnType], attributes, pageSize: columnsPerPage };
    for await (const page of client.pages(query, 1, context.signal)) {
      if (page.problem?.outcome === 'failed') return false;
      reportProblem(page, 'table', shape.columnType, context);
      for (const entity of page.entities) {
        if (entity.status === 'DELETED') continue;
        spool.addColumn(entity.guid, table && objectId(entity.attributes[table])?.guid, entity);
      }
    }
    return true;
  } catch {
    context.signal.throwIfAborted();
    return false;
  }
}

async function* tablePages(shape: TableShape, reading: TableReading): AsyncGenerator<AtlasEntity[]> {
  const { client, registry, context } = reading;
  const wanted = [shape.db, ...tableAttributes].filter((name) => name !== 'partitionKeys' || shape.hasPartitionKeys);
  const attributes = [
    ...registry.common([shape.tableType], wanted),
    ...systemAttributes,
    ...registry.addedAttributes([shape.tableType]),
  ];
  const query = { types: [shape.tableType], attributes, pageSize: tablesPerPage };
  let read = 0;
  try {
    for await (const page of client.pages(query, 1, context.signal)) {
      reportProblem(page, 'table', shape.tableType, context);
      read += page.entities.length;
      context.progress('table', read, page.total);
      yield page.entities.filter((entity) => entity.status !== 'DELETED');
    }
  } catch (error) {
    context.signal.throwIfAborted();
    // Nothing at all could be read: that is no partial answer but a failure of the run.
    if (read === 0) throw error;
    const message = error instanceof Error ? error.message : String(error);
    context.report({ outcome: 'failed', kind: 'table', reason: 'partial-answer', name: shape.tableType, message });
  }
}

/** A table's path, the first time it is met. */
function pathOf(entity: AtlasEntity, shape: TableShape, reading: TableReading): NamePath | undefined {
  const { spool, context, schemaPath } = reading;
  const db = objectId(entity.attributes[shape.db]);
  const schema = db && schemaPath(db.guid);
  if (!schema) {
    context.report({
      outcome: 'skipped',
      kind: 'table',
      reason: 'no-database',
      name: qualifiedName(entity),
      message: 'the table has no live database in Apache Atlas',
    });
    return undefined;
  }
  const path = [...schema, String(entity.attributes['name'] ?? qualifiedName(entity))];
  const added = spool.addTable(entity.guid, path);
  if (added === 'same-name') {
    context.report({
      outcome: 'skipped',
      kind: 'table',
      reason: 'same-name',
      name: qualifiedName(entity),
      message: 'another table of this run has the same place and name',
    });
  }
  return added === 'new' ? path : undefined;
}

function* joinSpooled(
  tables: readonly AtlasEntity[],
  shape: TableShape,
  reading: TableReading,
): Generator<TableRecord> {
  const { spool } = reading;
  for (const entity of tables) {
    const path = pathOf(entity, shape, reading);
    if (!path) continue;
    const keys = objectIds(entity.attributes['partitionKeys'])
      .map(({ guid }) => spool.column(guid))
      .filter((column) => column !== undefined);
    yield assemble(entity, path, spool.columnsOf(entity.guid), keys, shape, reading);
  }
}

/** Reads tables whole, a hundred a request, some requests ahead. */
async function* withColumns(
  tables: readonly AtlasEntity[],
  shape: TableShape,
  reading: TableReading,
): AsyncGenerator<TableRecord> {
  const { client, context } = reading;
  const batches: AtlasEntity[][] = [];
  for (let i = 0; i < tables.length; i += bulkSize) batches.push(tables.slice(i, i + bulkSize));
  const queue: { batch: AtlasEntity[]; answer: Promise<BulkAnswer> }[] = [];
  const fetch = (): void => {
    const batch = batches.shift();
    if (!batch) return;
    const answer = client.bulk(
      batch.map(({ guid }) => guid),
      context.signal,
    );
    answer.catch(() => undefined);
    queue.push({ batch, answer });
  };
  for (let i = 0; i < bulksAhead; i += 1) fetch();
  for (let next = queue.shift(); next; next = queue.shift()) {
    let answer: BulkAnswer;
    try {
      answer = await next.answer;
    } catch (error) {
      context.signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      const name = `${next.batch.length} tables from ${qualifiedName(next.batch[0]!)}`;
      context.report({ outcome: 'failed', kind: 'table', reason: 'partial-answer', name, message });
      fetch();
      continue;
    }
    fetch();
    const headers = new Map(next.batch.map((header) => [header.guid, header]));
    for (const entity of answer.entities ?? []) {
      const header = headers.get(entity.guid);
      if (!header || entity.status === 'DELETED') continue;
      const path = pathOf(header, shape, reading);
      if (!path) continue;
      const referred = (name: string): AtlasEntity[] =>
        objectIds(entity.relationshipAttributes?.[name] ?? entity.attributes[name])
          .filter(
            (id) => (id.entityStatus ?? 'ACTIVE') === 'ACTIVE' && (id.relationshipStatus ?? 'ACTIVE') === 'ACTIVE',
          )
          .map(({ guid }) => answer.referredEntities?.[guid])
          .filter((column) => column !== undefined)
          .filter((column) => column.status !== 'DELETED');
      yield assemble(header, path, referred('columns'), referred('partitionKeys'), shape, reading);
    }
  }
}

function assemble(
  entity: AtlasEntity,
  path: NamePath,
  columns: readonly AtlasEntity[],
  keys: readonly AtlasEntity[],
  shape: TableShape,
  reading: TableReading,
): TableRecord {
  const { registry, spool, context } = reading;
  const keyGuids = new Set(keys.map(({ guid }) => guid));
  const plain = columns.filter(({ guid }) => !keyGuids.has(guid));
  const names = new Set<string>();
  const records = [...inOrder(plain, shape), ...inOrder(keys, shape)]
    .map((column) => ({ column, record: columnRecord(column, shape, registry, keyGuids.has(column.guid)) }))
    .filter(({ column, record }) => {
      const isNew = !names.has(record.name);
      names.add(record.name);
      if (!isNew) reportSameColumn(column, context);
      return isNew;
    });
  for (const { column, record } of records) spool.place(column.guid, entity.guid, record.name);
  return tableRecord(entity, path, records, registry);
}

/** A target would refuse the whole table for a name that comes twice. */
function reportSameColumn(column: AtlasEntity, context: SourceContext): void {
  context.report({
    outcome: 'skipped',
    kind: 'table',
    reason: 'same-column',
    name: qualifiedName(column),
    message: 'the table has two columns of this name; the first one was taken',
  });
}
