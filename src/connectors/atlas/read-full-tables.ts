import type { DatabaseSchemaRecord, NamePath, TableRecord } from '../../model/records.ts';
import type { SourceContext } from '../source.ts';
import { bulkSize } from './atlas-client.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasEntity, BulkAnswer } from './atlas-types.ts';
import type { ColumnSource, TableAssembler } from './families/assemble-table.ts';
import { nameOf, qualifiedName, related } from './map-entity.ts';
import type { TableShape } from './table-shape.ts';

/** Bulk requests under way at once. */
const bulksAhead = 2;

/** Tables by their row of a search, with their places. */
export type FullTables = readonly { readonly entity: AtlasEntity; readonly path: NamePath }[];

interface FullReading {
  readonly reader: AtlasReader;
  readonly context: SourceContext;
}

/** Reads tables whole, a hundred a request, some requests ahead. */
export async function* readFullTables(
  tables: FullTables,
  shape: TableShape,
  assembler: TableAssembler,
  { reader, context }: FullReading,
): AsyncGenerator<TableRecord | DatabaseSchemaRecord> {
  const batches: FullTables[] = [];
  for (let i = 0; i < tables.length; i += bulkSize) batches.push(tables.slice(i, i + bulkSize));
  const queue: { batch: FullTables; answer: Promise<BulkAnswer> }[] = [];
  const fetch = (): void => {
    const batch = batches.shift();
    if (!batch) return;
    const answer = bulkWithColumns(
      batch.map(({ entity }) => entity.guid),
      shape,
      { reader, context },
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
      const name = `${next.batch.length} tables from ${qualifiedName(next.batch[0]!.entity)}`;
      context.report({ outcome: 'failed', kind: 'table', reason: 'partial-answer', name, message });
      fetch();
      continue;
    }
    fetch();
    const from = answeredColumns(answer, shape);
    const full = new Map((answer.entities ?? []).map((entity) => [entity.guid, entity]));
    for (const { entity: row, path } of next.batch) {
      const entity = full.get(row.guid);
      if (!entity || entity.status === 'DELETED') continue;
      // The row says what the full entity says too, in a shape that does not depend on how columns are read.
      const known = { ...row, relationshipAttributes: { ...entity.attributes, ...entity.relationshipAttributes } };
      const schema = assembler.schemaOf(known, path);
      if (schema) yield schema;
      yield assembler.record(known, path, from);
    }
  }
}

/** Tables in full, with their columns also where Atlas counts those as related and not as owned. */
export async function bulkWithColumns(
  guids: readonly string[],
  shape: TableShape,
  { reader, context }: FullReading,
): Promise<BulkAnswer> {
  const answer = await reader.bulk(guids, context.signal);
  const referred = { ...answer.referredEntities };
  const listed = [shape.columns, ...(shape.inner ? [shape.inner.listed] : [])];
  let open: readonly AtlasEntity[] = answer.entities ?? [];
  const asked = new Set<string>();
  while (open.length > 0) {
    const ids = open.flatMap((entity) => listed.flatMap((name) => related(entity, name)));
    const missing = ids.map(({ guid }) => guid).filter((guid) => !referred[guid] && !asked.has(guid));
    const found: AtlasEntity[] = [];
    for (let i = 0; i < missing.length; i += bulkSize) {
      const some = missing.slice(i, i + bulkSize);
      for (const guid of some) asked.add(guid);
      found.push(...((await reader.bulk(some, context.signal)).entities ?? []));
    }
    for (const entity of found) referred[entity.guid] = entity;
    open = found;
  }
  return { ...answer, referredEntities: referred };
}

/** The columns and parts that a bulk answer brought. */
export function answeredColumns(answer: BulkAnswer, shape: TableShape): ColumnSource {
  const referred = (entity: AtlasEntity, name: string): AtlasEntity[] =>
    related(entity, name)
      .map(({ guid }) => answer.referredEntities?.[guid])
      .filter((column) => column !== undefined)
      .filter((column) => column.status !== 'DELETED');
  return {
    columns: (table) => referred(table, shape.columns),
    partitionKeys: (table) => (shape.hasPartitionKeys ? referred(table, 'partitionKeys') : []),
    inner: (column) => (shape.inner ? referred(column, shape.inner.listed) : []),
    part: ({ guid }) => answer.referredEntities?.[guid],
    columnName: ({ guid }) => {
      const column = answer.referredEntities?.[guid];
      return column && nameOf(column);
    },
  };
}
