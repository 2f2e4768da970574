import type { AssetKind } from '../../../model/records.ts';
import type { ColumnLineage, EntityLineage, EntityReference, LineageEdge } from '../../../openmetadata/entities.ts';
import type { CatalogueSession } from './catalogue-session.ts';
import type { CatalogueKind, LineageGraph, LineageLink, LineageNode } from './catalogue-types.ts';

export interface LineageReach {
  /** Steps towards the sources, 0 to 3. */
  readonly upstream: number;
  /** Steps towards the users, 0 to 3. */
  readonly downstream: number;
}

/** As deep as OpenMetadata answers. */
export const deepest = 3;

/** What surrounds an entity; undefined where OpenMetadata has none of this name. */
export async function readLineage(
  session: CatalogueSession,
  kind: AssetKind,
  fqn: string,
  reach: LineageReach,
  signal: AbortSignal,
): Promise<LineageGraph | undefined> {
  // One step more than is shown tells where there is more to show.
  const further = (steps: number): number => (steps === 0 ? 1 : Math.min(steps + 1, deepest));
  const asked = { upstream: further(reach.upstream), downstream: further(reach.downstream) };
  const found = await session.client.getLineage(kind, { fqn }, asked, signal);
  return found && toGraph(found, reach);
}

/** The part of an answer that is within reach. Pure. */
export function toGraph(found: EntityLineage, reach: LineageReach): LineageGraph {
  const root = found.entity.id;
  const up = stepsFrom(root, found.upstreamEdges, 'toEntity', 'fromEntity');
  const down = stepsFrom(root, found.downstreamEdges, 'fromEntity', 'toEntity');
  const isNear = (id: string): boolean =>
    (up.get(id) ?? Number.POSITIVE_INFINITY) <= reach.upstream ||
    (down.get(id) ?? Number.POSITIVE_INFINITY) <= reach.downstream;
  const known = new Map([found.entity, ...found.nodes].map((reference) => [reference.id, reference]));
  const shown = [...known.values()].filter(({ id, deleted }) => isNear(id) && !deleted);
  const fqns = new Map(shown.map(({ id, fullyQualifiedName = '' }) => [id, fullyQualifiedName]));
  const edges = [...found.upstreamEdges, ...found.downstreamEdges];
  const links = new Map<string, LineageLink>();
  const more = { up: new Set<string>(), down: new Set<string>() };
  for (const edge of edges) {
    const { fromEntity, toEntity } = edge;
    const [from, to] = [fqns.get(fromEntity), fqns.get(toEntity)];
    if (from !== undefined && to !== undefined) links.set(`${fromEntity} ${toEntity}`, toLink(edge, from, to));
    else if (known.get(fromEntity)?.deleted || known.get(toEntity)?.deleted) continue;
    else if (to !== undefined) more.up.add(toEntity);
    else if (from !== undefined) more.down.add(fromEntity);
  }
  // At the end of what the server tells nobody knows: a click finds out.
  const unknown = (id: string, steps: Map<string, number>, shown: number): boolean =>
    shown === deepest && steps.get(id) === deepest;
  const nodes = shown.map((reference) =>
    toNode(
      reference,
      more.up.has(reference.id) || unknown(reference.id, up, reach.upstream),
      more.down.has(reference.id) || unknown(reference.id, down, reach.downstream),
    ),
  );
  return { root, nodes, links: [...links.values()] };
}

/** Steps from the root to each entity, along the edges one way. */
function stepsFrom(
  root: string,
  edges: readonly LineageEdge[],
  near: 'fromEntity' | 'toEntity',
  far: 'fromEntity' | 'toEntity',
): Map<string, number> {
  const next = Map.groupBy(edges, (edge) => edge[near]);
  const steps = new Map([[root, 0]]);
  // A map gives what is added while it is walked, too.
  for (const [id, step] of steps) {
    for (const edge of next.get(id) ?? []) if (!steps.has(edge[far])) steps.set(edge[far], step + 1);
  }
  return steps;
}

function toNode(reference: EntityReference, moreUpstream: boolean, moreDownstream: boolean): LineageNode {
  const { id, type: kind, name = id, fullyQualifiedName: fqn = name, displayName } = reference;
  return { id, kind, fqn, name: displayName || name, moreUpstream, moreDownstream };
}

function toLink({ fromEntity, toEntity, lineageDetails }: LineageEdge, from: string, to: string): LineageLink {
  const { pipeline, sqlQuery, columnsLineage = [] } = lineageDetails ?? {};
  return {
    from: fromEntity,
    to: toEntity,
    ...(pipeline?.fullyQualifiedName && {
      pipeline: {
        kind: pipeline.type as CatalogueKind,
        fqn: pipeline.fullyQualifiedName,
        name: pipeline.displayName || pipeline.name || pipeline.fullyQualifiedName,
      },
    }),
    ...(sqlQuery && { sql: sqlQuery }),
    columns: columnsLineage.flatMap((pair) => toColumns(pair, from, to)),
  };
}

function toColumns(pair: ColumnLineage, fromFqn: string, toFqn: string): LineageLink['columns'] {
  const { fromColumns = [], toColumn, function: used } = pair;
  const to = below(toFqn, toColumn);
  // Up to 1.4 a column may belong to a third table: that is told by the edge from there.
  const from = fromColumns.map((column) => below(fromFqn, column)).filter((name) => name !== undefined);
  return to === undefined || from.length === 0 ? [] : [{ from, to, ...(used && { function: used }) }];
}

/** A column's name below its table, quotes taken off where it is one name. */
function below(fqn: string, column: string): string | undefined {
  if (!column.startsWith(`${fqn}.`)) return undefined;
  const rest = column.slice(fqn.length + 1);
  return /^"[^"]*"$/.test(rest) ? rest.slice(1, -1) : rest;
}
