import type { LineageRecord } from '../../model/records.ts';
import type { SourceContext } from '../source.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasEntity } from './atlas-types.ts';
import type { Home } from './families/family.ts';
import { processAttributes } from './families/pipeline-record.ts';
import type { TypeHomes } from './families/type-homes.ts';
import type { LineageSpool } from './lineage-spool.ts';
import { type Mapping, qualifiedName, related, text } from './map-entity.ts';
import type { NodeSpool } from './node-spool.ts';
import { addNode } from './read-nodes.ts';
import { reportProblem } from './search-pages.ts';
import { typeGroups } from './type-groups.ts';

/** Rows a page: a process brings headers of all its ends with it. */
const processesPerPage = 2_000;

export interface LineageReading {
  readonly reader: AtlasReader;
  readonly mapping: Mapping;
  readonly homes: TypeHomes;
  readonly lineage: LineageSpool;
  readonly nodes: NodeSpool;
  readonly context: SourceContext;
  /** Whether every process becomes a pipeline, and not only those of types for which a rule says so. */
  readonly pipelines: boolean;
}

/**
 * Reads processes and column lineage into the spool. Edges come from the inputs and outputs of the process entities:
 * one search brings thousands, the lineage API one a request.
 */
export async function spoolLineage(reading: LineageReading): Promise<void> {
  const { homes, lineage, pipelines, mapping } = reading;
  const all = [...homes.all()];
  const { registry } = mapping;
  const isPipeline = (home: Home): boolean => pipelines || home.service !== undefined || home.kind === 'pipeline';
  const processes = new Map(all.filter(([, { role }]) => role === 'process'));
  const columnLineage = all.filter(([, { role }]) => role === 'columnLineage').map(([type]) => type);
  const attributes = (type: string): string[] =>
    isPipeline(processes.get(type)!)
      ? registry.assetAttributes([type], processAttributes)
      : registry.common([type], ['inputs', 'outputs', 'queryText']);
  await spoolProcesses([...processes.keys()], attributes, reading, (process) => {
    const query = text(process.attributes['queryText']);
    for (const input of related(process, 'inputs')) {
      for (const output of related(process, 'outputs'))
        lineage.addEdge(input.guid, output.guid, query, toldBy(process));
    }
    const home = processes.get(process.typeName);
    if (home && isPipeline(home)) addNode(process, { ...home, kind: 'pipeline' }, reading);
  });
  const ofColumns = (type: string): string[] => registry.common([type], ['inputs', 'outputs', 'expression']);
  await spoolProcesses(columnLineage, ofColumns, reading, (process) => {
    const inputs = related(process, 'inputs').map((input) => input.guid);
    for (const { guid } of related(process, 'outputs')) {
      lineage.addPair(inputs, guid, text(process.attributes['expression']), toldBy(process));
      for (const end of [...inputs, guid]) lineage.wantPlace(end);
    }
  });
}

function toldBy(process: AtlasEntity) {
  return { guid: process.guid, typeName: process.typeName, qualifiedName: qualifiedName(process) };
}

/** Types with and without an attribute are searched apart: one that a type lacks fails the whole search. */
async function spoolProcesses(
  types: readonly string[],
  attributesOf: (type: string) => readonly string[],
  { reader, context }: LineageReading,
  take: (process: AtlasEntity) => void,
): Promise<void> {
  for (const { types: group, attributes } of typeGroups(types, attributesOf)) {
    try {
      const query = { types: group, attributes, pageSize: processesPerPage };
      for await (const page of reader.pages(query, 1, context.signal)) {
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
export function* lineageRecords(
  lineage: LineageSpool,
  nodes: NodeSpool,
  context: SourceContext,
): Iterable<LineageRecord> {
  lineage.joinPairs();
  const total = lineage.edgeCount();
  let read = 0;
  const lost = (name: string): void =>
    context.report({
      outcome: 'skipped',
      kind: 'lineage',
      reason: 'lineage-end-not-carried',
      name,
      message: 'an end of the process is nothing that this run carries',
    });
  for (const edge of lineage.edges(lost)) {
    read += 1;
    context.progress('lineage', read, total);
    const { guid, typeName, qualifiedName: name } = edge.process;
    const pipeline = nodes.pipelineOf(guid);
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
      ...(pipeline && { pipeline }),
      provenance: { id: guid, typeName, qualifiedName: name },
    };
  }
}
