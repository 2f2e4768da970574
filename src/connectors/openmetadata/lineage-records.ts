import { AuthenticationError, ResponseError } from '../../errors.ts';
import {
  type AssetKind,
  type ColumnName,
  type ColumnPair,
  isAssetKind,
  type LineageRecord,
} from '../../model/records.ts';
import type { EntityLineage, EntityReference, LineageDetails, LineageEdge } from '../../openmetadata/entities.ts';
import type { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import type { SourceContext } from '../source.ts';
import { inOrder } from './in-order.ts';
import { namesOf } from './name-paths.ts';
import type { ReadingSpool, ToldRow } from './reading-spool.ts';

/** Kinds that lineage may lead to. */
const ends: readonly AssetKind[] = ['table', 'topic', 'container', 'mlmodel', 'pipeline'];
/** After so many failures one after the other nothing more is asked. */
const failuresInARow = 5;

/** Names of a column by its FQN and its asset's; undefined for a column of another asset. */
function columnWithin(fqn: string, asset: string): ColumnName | undefined {
  if (!fqn.startsWith(`${asset}.`)) return undefined;
  const names = namesOf(fqn.slice(asset.length + 1));
  return names.length === 1 ? names[0] : names;
}

/** A pipeline is answered as the end of each edge between others that only goes through it. */
function isThrough({ lineageDetails }: LineageEdge, { kind, id }: ToldRow): boolean {
  return kind === 'pipeline' && lineageDetails?.pipeline?.id === id;
}

/** Identity of an edge, and what it takes to look for it again. */
export function edgeId(from: string, to: ToldRow): string {
  return `${from} ${to.kind} ${to.id}`;
}

export function edgeOf(
  id: string,
): { readonly from: string; readonly kind: AssetKind; readonly to: string } | undefined {
  const [from, kind, to] = id.split(' ');
  return from && kind && to && isAssetKind(kind) ? { from, kind, to } : undefined;
}

/** The edges that lead into each asset that was told, one request an asset: no server lists edges otherwise. */
export class LineageReading {
  readonly #client: OpenMetadataClient;
  readonly #spool: ReadingSpool;
  readonly #context: SourceContext;

  constructor(client: OpenMetadataClient, spool: ReadingSpool, context: SourceContext) {
    this.#client = client;
    this.#spool = spool;
    this.#context = context;
  }

  /** @param atOnce requests under way */
  async *records(atOnce: number): AsyncGenerator<LineageRecord> {
    const { progress, report, signal } = this.#context;
    const total = this.#spool.count(ends);
    let done = 0;
    let failures = 0;
    const answers = inOrder(this.#spool.all(ends), atOnce, async (to) => ({ to, read: await this.#read(to) }));
    for await (const { to, read } of answers) {
      signal.throwIfAborted();
      done += 1;
      progress('lineage', done, total);
      if (read instanceof Error) {
        report({ outcome: 'failed', kind: 'lineage', reason: 'partial-answer', name: to.fqn, message: read.message });
        failures += 1;
        if (failures < failuresInARow) continue;
        const message = 'lineage was given up after several failures one after the other';
        report({ outcome: 'failed', kind: 'lineage', reason: 'given-up', name: to.fqn, message });
        return;
      }
      failures = 0;
      if (read) yield* this.#edges(to, read);
    }
  }

  async #read(to: ToldRow): Promise<EntityLineage | Error | undefined> {
    try {
      return await this.#client.getLineage(
        to.kind,
        { id: to.id },
        { upstream: 1, downstream: 0 },
        this.#context.signal,
      );
    } catch (error) {
      this.#context.signal.throwIfAborted();
      if (error instanceof AuthenticationError || !(error instanceof Error)) throw error;
      // Gone since it was listed.
      if (error instanceof ResponseError && error.status === 404) return undefined;
      return error;
    }
  }

  *#edges(to: ToldRow, { nodes, upstreamEdges }: EntityLineage): Generator<LineageRecord> {
    const references = new Map(nodes.map((node) => [node.id, node]));
    const sorted = upstreamEdges
      .filter((edge) => edge.toEntity === to.id && !isThrough(edge, to))
      .sort((a, b) => (a.fromEntity < b.fromEntity ? -1 : 1));
    for (const { fromEntity, lineageDetails = {} } of sorted) {
      const from = fromEntity === to.id ? { ...to, type: to.kind } : this.#end(references.get(fromEntity), fromEntity);
      if (from) yield this.#record({ id: fromEntity, ...from }, to, lineageDetails);
    }
  }

  /** What an edge comes from; undefined for what is deleted, or has no place in the model. */
  #end(node: EntityReference | undefined, id: string): { readonly kind: AssetKind; readonly fqn: string } | undefined {
    const told = this.#spool.told(id);
    if (told) return told;
    if (!node || node.deleted) return undefined;
    const { type, fullyQualifiedName: fqn = '' } = node;
    if (isAssetKind(type) && fqn !== '') return { kind: type, fqn };
    const message = 'edges from what has no place in the model are left out';
    this.#context.report({
      outcome: 'skipped',
      kind: 'lineage',
      reason: `lineage-from-${type}`,
      name: fqn || id,
      message,
    });
    return undefined;
  }

  #record(from: ToldRow, to: ToldRow, details: LineageDetails): LineageRecord {
    const { sqlQuery, description, source, pipeline } = details;
    const via = pipeline?.type === 'pipeline' ? this.#pipeline(pipeline) : undefined;
    return {
      kind: 'lineage',
      from: { kind: from.kind, path: namesOf(from.fqn) },
      to: { kind: to.kind, path: namesOf(to.fqn) },
      ...(source && { origin: source }),
      ...(sqlQuery && { query: sqlQuery }),
      ...(description && { description }),
      columns: this.#pairs(from, to, details),
      ...(via && { pipeline: via }),
      provenance: { id: edgeId(from.id, to), typeName: 'lineage', qualifiedName: `${from.fqn} → ${to.fqn}` },
    };
  }

  #pipeline({ id, fullyQualifiedName }: EntityReference) {
    const fqn = fullyQualifiedName ?? this.#spool.told(id)?.fqn;
    return fqn === undefined ? undefined : namesOf(fqn);
  }

  /** Up to 1.4 a column may belong to a third table: an edge has no place for it. */
  #pairs(from: ToldRow, to: ToldRow, { columnsLineage = [] }: LineageDetails): ColumnPair[] {
    return columnsLineage.flatMap((pair): ColumnPair[] => {
      const target = columnWithin(pair.toColumn, to.fqn);
      const sources = pair.fromColumns
        .map((column) => columnWithin(column, from.fqn))
        .filter((name) => name !== undefined);
      if (target !== undefined && sources.length > 0) {
        return [{ from: sources, to: target, ...(pair.function && { expression: pair.function }) }];
      }
      const message = 'a pair of columns names a table that is no end of its edge';
      this.#context.report({
        outcome: 'skipped',
        kind: 'lineage',
        reason: 'lineage-third-table',
        name: pair.toColumn,
        message,
      });
      return [];
    });
  }
}
