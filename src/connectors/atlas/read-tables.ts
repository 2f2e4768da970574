import type { DatabaseSchemaRecord, TableRecord } from '../../model/records.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasEntity } from './atlas-types.ts';
import { type ColumnSource, TableAssembler, type TableMaking } from './families/assemble-table.ts';
import { nameOf, objectIds, related } from './map-entity.ts';
import { type FullTables, readFullTables } from './read-full-tables.ts';
import { reportProblem } from './search-pages.ts';
import type { TableShape } from './table-shape.ts';

const tableAttributes = [
  'tableType',
  'table_type',
  'type',
  'comment',
  'viewOriginalText',
  'viewExpandedText',
  'createTime',
  'parameters',
  'partitionKeys',
  'partitionColumnNames',
  'name_path',
  'indexes',
  'foreign_keys',
];
const columnAttributes = ['comment', 'length', 'isNullable', 'is_nullable', 'isPrimaryKey'];
const partAttributes = ['columns', 'isUnique', 'key_columns', 'references_table', 'references_columns'];
/** Rows a page: a row of a table with its texts and labels takes some kilobytes of the heap, and more while it is parsed. */
const tablesPerPage = 2_000;
const columnsPerPage = 4_000;

export interface TableReading extends TableMaking {
  readonly reader: AtlasReader;
  /** Above so many columns they come with their tables (bulk GET) instead of by their own search. */
  readonly columnsBySearchLimit: number;
}

/** All tables of one shape, with their columns. Memory does not grow with their number. */
export async function* readTables(
  shape: TableShape,
  reading: TableReading,
): AsyncGenerator<TableRecord | DatabaseSchemaRecord> {
  const { context } = reading;
  const count = await reading.reader.count(shape.columnType, context.signal);
  const canSearch = shape.column.table !== undefined && count <= reading.columnsBySearchLimit;
  const spooled = canSearch ? await spoolColumns(shape, reading) : undefined;
  if (canSearch && spooled === undefined) {
    // Without all columns no table's structure is known; their own words still are, in the bulk answer.
    context.report({
      outcome: 'skipped',
      kind: 'table',
      reason: 'columns-by-bulk',
      name: shape.columnType,
      message: 'the search for columns failed, so that they were read with their tables',
    });
  }
  const assembler = new TableAssembler(shape, reading);
  for await (const tables of inTurn(shape, reading, assembler)) {
    if (spooled === undefined) yield* readFullTables(tables, shape, assembler, reading);
    else {
      const from = spooledColumns(reading);
      for (const { entity, path } of tables) {
        const schema = assembler.schemaOf(entity, path);
        if (schema) yield schema;
        yield assembler.record(entity, path, from);
      }
    }
  }
  if (spooled !== undefined) reportOrphans(spooled - assembler.placedColumns, shape, reading);
}

function spooledColumns({ spool }: TableReading): ColumnSource {
  return {
    columns: (table) => spool.columnsOf(table.guid),
    partitionKeys: (table) =>
      objectIds(table.attributes['partitionKeys'])
        .map(({ guid }) => spool.column(guid))
        .filter((column) => column !== undefined),
    inner: (column) => spool.columnsOf(column.guid),
    part: ({ guid }) => spool.part(guid),
    columnName: ({ guid }) => {
      const column = spool.column(guid);
      return column && nameOf(column);
    },
  };
}

/** Reads the columns of a shape's tables, and what else belongs to them. @returns how many; undefined: not all */
async function spoolColumns(shape: TableShape, reading: TableReading): Promise<number | undefined> {
  const { spool, mapping } = reading;
  const { type, position, table } = shape.column;
  const optional = [type, position, table, shape.inner?.outer].filter((name) => name !== undefined);
  const owner = (entity: AtlasEntity): string | undefined =>
    [shape.inner?.outer, table].map((name) => name && related(entity, name)[0]?.guid).find((guid) => guid);
  const types = [shape.columnType, ...(shape.inner ? [shape.inner.type] : [])];
  let columns = 0;
  for (const each of new Set(types)) {
    const read = await spoolAll(each, [...optional, ...columnAttributes], reading, (entity) =>
      spool.addColumn(entity.guid, owner(entity), entity),
    );
    if (read === undefined) return undefined;
    columns += read;
  }
  for (const listed of ['indexes', 'foreign_keys']) {
    const listedType = mapping.registry.attributes(shape.tableType).get(listed) ?? '';
    const part = /^array<(.+)>$/.exec(listedType)?.[1];
    if (part === undefined || !mapping.registry.has(part)) continue;
    const read = await spoolAll(part, partAttributes, reading, (entity) => spool.addPart(entity));
    if (read === undefined) return undefined;
  }
  return columns;
}

/** @returns how many there were; undefined when not all could be read */
async function spoolAll(
  type: string,
  wanted: readonly string[],
  { reader, mapping, context }: TableReading,
  take: (entity: AtlasEntity) => void,
): Promise<number | undefined> {
  const { registry } = mapping;
  const attributes = [...registry.common([type], wanted), ...registry.addedAttributes([type])];
  let read = 0;
  try {
    // More than one page ahead hardly makes a server faster, and each waits in the heap.
    for await (const page of reader.pages({ types: [type], attributes, pageSize: columnsPerPage }, 1, context.signal)) {
      if (page.problem?.outcome === 'failed') return undefined;
      reportProblem(page, 'table', type, context);
      context.progress('table', 0);
      const live = page.entities.filter(({ status }) => status !== 'DELETED');
      live.forEach(take);
      read += live.length;
    }
    return read;
  } catch {
    context.signal.throwIfAborted();
    return undefined;
  }
}

/**
 * Tables with their places, page by page. Those that point to other tables come when all others have their places, and
 * shells last of all, so that they take nobody's name.
 */
async function* inTurn(
  shape: TableShape,
  reading: TableReading,
  assembler: TableAssembler,
): AsyncGenerator<FullTables> {
  const { spool } = reading;
  const [keys, shells] = [`keys of ${shape.tableType}`, `shells of ${shape.tableType}`];
  for await (const page of tablePages(shape, reading)) {
    const now: { entity: AtlasEntity; path: readonly string[] }[] = [];
    for (const entity of page) {
      if (entity.isIncomplete) {
        spool.putAside(shells, entity);
        continue;
      }
      const path = assembler.claim(entity);
      if (!path) continue;
      if (related(entity, 'foreign_keys').length > 0) spool.putAside(keys, entity);
      else now.push({ entity, path });
    }
    yield now;
  }
  for (const page of spool.takeAside(keys, tablesPerPage)) {
    yield page.map((entity) => ({ entity, path: spool.asset(entity.guid)!.path }));
  }
  for (const page of spool.takeAside(shells, tablesPerPage)) {
    yield page.flatMap((entity) => {
      const path = assembler.claim(entity);
      return path ? [{ entity, path }] : [];
    });
  }
}

async function* tablePages(shape: TableShape, reading: TableReading): AsyncGenerator<AtlasEntity[]> {
  const { reader, mapping, context } = reading;
  const attributes = mapping.registry.assetAttributes([shape.tableType], [shape.db, ...tableAttributes]);
  const query = { types: [shape.tableType], attributes, pageSize: tablesPerPage };
  let read = 0;
  try {
    for await (const page of reader.pages(query, 1, context.signal)) {
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

/** Columns of tables that are not carried, and such as belong to none. */
function reportOrphans(count: number, shape: TableShape, { context }: TableReading): void {
  if (count <= 0) return;
  const message = 'columns whose table is deleted, not there or not carried';
  context.report({ outcome: 'skipped', kind: 'table', reason: 'no-table', name: shape.columnType, message, count });
}
