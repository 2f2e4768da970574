import type { LineageRecord } from '../../model/records.ts';
import type { SourceContext } from '../source.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasEntity } from './atlas-types.ts';
import type { LineageSpool } from './lineage-spool.ts';
import { qualifiedName, related, text } from './map-entity.ts';
import { reportProblem } from './search-pages.ts';
import type { TypeRegistry } from './type-registry.ts';

/** Rows a page: a process brings headers of all its ends with it. */
const processesPerPage = 2_000;

/**
 * Reads processes and column lineage into the spool. Edges come from the inputs and outputs of the process entities:
 * one search brings thousands, the lineage API one a request.
 */
export async function spoolLineage(
  client: AtlasReader,
  registry: TypeRegistry,
  spool: LineageSpool,
  context: SourceContext,
): Promise<void> {
  const { processes, columnLineage } = registry.processTypes();
  await spoolProcesses(client, registry, context, processes, 'queryText', (process) => {
    const told = { guid: process.guid, typeName: process.typeName, qualifiedName: qualifiedName(process) };
    const query = text(process.attributes['queryText']);
    for (const input of related(process, 'inputs')) {
      for (const output of related(process, 'outputs')) spool.addEdge(input.guid, output.guid, query, told);
    }
  });
  await spoolProcesses(client, registry, context, columnLineage, 'expression', (process) => {
    const told = { guid: process.guid, typeName: process.typeName, qualifiedName: qualifiedName(process) };
    const inputs = related(process, 'inputs').map((input) => input.guid);
    for (const { guid } of related(process, 'outputs')) {
      spool.addPair(inputs, guid, text(process.attributes['expression']), told);
      for (const end of [...inputs, guid]) spool.wantPlace(end);
    }
  });
}

/** Types with and without an attribute are searched apart: one that a type lacks fails the whole search. */
async function spoolProcesses(
  client: AtlasReader,
  registry: TypeRegistry,
  context: SourceContext,
  types: readonly string[],
  optional: string,
  take: (process: AtlasEntity) => void,
): Promise<void> {
  const has = (type: string): boolean => registry.attributes(type).has(optional);
  for (const group of [types.filter(has), types.filter((type) => !has(type))]) {
    const attributes = registry.common(group, ['inputs', 'outputs', optional]);
    try {
      const query = { types: group, attributes, pageSize: processesPerPage };
      for await (const page of client.pages(query, 1, context.signal)) {
        reportProblem(page, 'lineage', group.join(', '), context);
        for (const entity of page.entities) if (entity.status !== 'DELETED') take(entity);
      }
    } catch (error) {
      context.signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      context.report({ outcome: 'failed', kind: 'lineage', reason: 'partial-answer', name: group.join(', '), message });
    }
  }
}

/** The lineage between assets that were told, once all of them were. */
export function* lineageRecords(spool: LineageSpool, context: SourceContext): Iterable<LineageRecord> {
  spool.joinPairs();
  const total = spool.edgeCount();
  let read = 0;
  const lost = (name: string): void =>
    context.report({
      outcome: 'skipped',
      kind: 'lineage',
      reason: 'lineage-end-not-carried',
      name,
      message: 'an end of the process is nothing that this run carries',
    });
  for (const edge of spool.edges(lost)) {
    read += 1;
    context.progress('lineage', read, total);
    const { guid, typeName, qualifiedName: name } = edge.process;
    yield {
      kind: 'lineage',
      from: edge.from,
      to: edge.to,
      ...(edge.query !== undefined && { query: edge.query }),
      columns: edge.pairs.map((pair) => ({
        from: pair.fromColumns,
        to: pair.toColumn,
        ...(pair.expression !== undefined && { expression: pair.expression }),
      })),
      provenance: { id: guid, typeName, qualifiedName: name },
    };
  }
}
