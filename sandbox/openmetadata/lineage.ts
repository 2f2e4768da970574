import { ApiError, badRequest, notFound } from './api-error.ts';
import type { Context } from './context.ts';
import { type Doc, docList, isDoc, text, textList } from './doc.ts';
import { splitFqn } from './fqn.ts';
import { eachPart, partsOf } from './parts.ts';
import type { EntityLink, EntityRow } from './store.ts';

/** Types whose parts can be ends of column lineage on newer servers. */
const WITH_PARTS = new Set(['table', 'container', 'topic', 'mlmodel']);

/**
 * Stores an edge, in place of the one there was.
 * @throws {ApiError} 404 for ends that do not exist, 400 for details that do not fit; nothing is stored then.
 */
export function putEdge(edge: Doc, context: Context): void {
  const from = endOf(edge['fromEntity'], context);
  const to = endOf(edge['toEntity'], context);
  const details = isDoc(edge['lineageDetails']) ? tidyDetails(edge['lineageDetails'], from, to, context) : undefined;
  const doc: Doc = {};
  if (text(edge['description']) !== undefined) {
    doc['description'] = edge['description'];
  }
  if (details !== undefined) {
    doc['lineageDetails'] = details;
  }
  const pipeline = isDoc(details?.['pipeline']) ? String(details['pipeline']['id']) : null;
  context.store
    .prepare(
      'INSERT OR REPLACE INTO lineage (source, target, source_type, target_type, pipeline, doc) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(from.id, to.id, from.type, to.type, pipeline, JSON.stringify(doc));
}

function endOf(reference: unknown, context: Context): EntityLink {
  const end = { id: String((reference as Doc)['id']), type: String((reference as Doc)['type']) };
  context.links.require(end);
  return end;
}

/** Checks the details of an edge and makes their pipeline a full reference. */
export function tidyDetails(details: Doc, from: EntityLink, to: EntityLink, context: Context): Doc {
  checkEnds(details, from, to, context);
  const result: Doc = { ...details };
  for (const pair of docList(details['columnsLineage'])) {
    for (const column of textList(pair['fromColumns'])) {
      checkColumn(column, from, context, !context.version.atLeast(5));
    }
    checkColumn(String(pair['toColumn']), to, context, false);
  }
  if (isDoc(details['pipeline'])) {
    const pipeline = { id: String(details['pipeline']['id']), type: String(details['pipeline']['type']) };
    result['pipeline'] = { ...context.links.require(pipeline).reference };
  }
  if (context.version.atLeast(2)) {
    result['source'] ??= 'Manual';
  }
  return result;
}

function checkEnds(details: Doc, from: EntityLink, to: EntityLink, context: Context): void {
  const { version } = context;
  const hasColumns = docList(details['columnsLineage']).length > 0;
  if (version.atLeast(5)) {
    if (hasColumns && !(WITH_PARTS.has(from.type) && WITH_PARTS.has(to.type))) {
      throw badRequest(`Column level lineage is not allowed between ${from.type} and ${to.type}`);
    }
    return;
  }
  const allowed = from.type === 'table' && (to.type === 'table' || to.type === 'dashboardDataModel');
  if (!allowed && (hasColumns || !version.atLeast(2))) {
    throw badRequest('Column level lineage is only allowed between two tables or from table to dashboard.');
  }
}

/** @param anywhere lets the column belong to another table than the edge's, as servers before 1.5 do. */
function checkColumn(column: string, end: EntityLink, context: Context, anywhere: boolean): void {
  const row = anywhere ? tableOf(column, context) : context.store.byId(end.id);
  const nested = context.version.atLeast(5);
  const known = row !== undefined && partNames(row, nested, context).has(column);
  if (!known) {
    throw badRequest(`Invalid fully qualified column name ${column}`);
  }
}

function tableOf(column: string, context: Context): EntityRow {
  const table = splitFqn(column).slice(0, 4).join('.');
  const row = context.store.byFqn('table', table);
  if (row === undefined || row.deleted) {
    throw notFound('table', table);
  }
  return row;
}

function partNames(row: EntityRow, nested: boolean, context: Context): Set<unknown> {
  const list = partsOf(row.doc, context.collections.byType(row.type).parts) ?? [];
  const parts = nested ? [...eachPart(list)] : list;
  return new Set(parts.map((part) => part['fullyQualifiedName']));
}

/** The stored edge. @throws {ApiError} 404 when there is none. */
export function findEdge(from: string, to: string, context: Context): Doc {
  const row = context.store.prepare('SELECT doc FROM lineage WHERE source = ? AND target = ?').get(from, to);
  if (row === undefined) {
    throw new ApiError(404, 'Lineage edge not found');
  }
  return JSON.parse(row['doc'] as string) as Doc;
}

export function deleteEdge(from: string, to: string, context: Context): void {
  const gone = context.store.prepare('DELETE FROM lineage WHERE source = ? AND target = ?').run(from, to);
  if (Number(gone.changes) === 0) {
    throw new ApiError(404, 'Lineage edge not found');
  }
}

/** An edge as it is told: the other end, and the whole. */
interface Edge {
  readonly other: string;
  readonly told: Doc;
}

/** The surroundings of an entity, up to some steps away in each direction. */
export function lineageOf(row: EntityRow, up: number, down: number, context: Context): Doc {
  const nodes = new Map<string, Doc>();
  const walk = (start: string, depth: number, direction: 'up' | 'down'): Doc[] => {
    const told: Doc[] = [];
    const seen = new Set([start]);
    let level = [start];
    for (let step = 0; step < depth && level.length > 0; step += 1) {
      const next: string[] = [];
      for (const id of level) {
        for (const edge of edgesOf(id, direction, context)) {
          told.push(edge.told);
          const reference = context.links.reference(edge.other);
          if (reference !== undefined) {
            nodes.set(edge.other, reference);
          }
          if (!seen.has(edge.other)) {
            seen.add(edge.other);
            next.push(edge.other);
          }
        }
      }
      level = next;
    }
    return told;
  };
  const upstreamEdges = walk(row.id, up, 'up');
  const downstreamEdges = walk(row.id, down, 'down');
  return { entity: context.links.reference(row.id), nodes: [...nodes.values()], upstreamEdges, downstreamEdges };
}

function edgesOf(id: string, direction: 'up' | 'down', context: Context): Edge[] {
  const [mine, others] = direction === 'up' ? ['target', 'source'] : ['source', 'target'];
  const rows = context.store.prepare(`SELECT source, target, doc FROM lineage WHERE ${mine} = ?`).all(id);
  const edges = rows.map((row) => toEdge(row, String(row[others])));
  // A pipeline stands in the middle of the edges that name it.
  const through = context.store.prepare('SELECT source, target, doc FROM lineage WHERE pipeline = ?').all(id);
  const around = through.map((row) =>
    direction === 'up'
      ? toEdge({ ...row, target: id }, String(row['source']))
      : toEdge({ ...row, source: id }, String(row['target'])),
  );
  return [...edges, ...around];
}

function toEdge(row: Record<string, unknown>, other: string): Edge {
  const doc = JSON.parse(row['doc'] as string) as Doc;
  return { other, told: { fromEntity: row['source'], toEntity: row['target'], ...doc } };
}
