import type {
  LineageGraph,
  LineageLink,
  LineageNode,
} from '../../../src/server/console-api/catalogue/catalogue-types.ts';

export type Side = 'up' | 'down';

/** What has been read of a lineage so far, and what of it is folded away. Not changed: each step gives a new one. */
export interface Lineage {
  readonly root: string;
  readonly nodes: ReadonlyMap<string, LineageNode>;
  readonly links: ReadonlyMap<string, LineageLink>;
  /** Sides (`ID up`) that have been read beyond what came at first. */
  readonly read: ReadonlySet<string>;
  /** Sides that are folded away. */
  readonly folded: ReadonlySet<string>;
  /** Sides with many neighbours: how many of them are shown. */
  readonly fans: ReadonlyMap<string, number>;
}

export interface ShownNode extends LineageNode {
  /** Steps from the root, negative towards the sources; 0 for the root. */
  readonly distance: number;
  /** What a click on this side does; undefined where there is nothing to show or hide. */
  readonly upstream: 'expand' | 'collapse' | undefined;
  readonly downstream: 'expand' | 'collapse' | undefined;
}

/** Stands for neighbours of one side that are too many to show at once. */
export interface Fan {
  readonly id: string;
  readonly of: string;
  readonly side: Side;
  readonly count: number;
}

export interface ShownLineage {
  readonly nodes: readonly ShownNode[];
  readonly links: readonly LineageLink[];
  readonly fans: readonly Fan[];
}

/** Neighbours on one side that are shown before a fan stands for the rest. */
export const fanStart = 12;
/** How many more each click on a fan shows. */
export const fanStep = 50;

export function sideKey(id: string, side: Side): string {
  return `${id} ${side}`;
}

export function startLineage(graph: LineageGraph): Lineage {
  const empty = { root: graph.root, nodes: new Map(), links: new Map(), read: new Set<string>() };
  return { ...withGraph({ ...empty, folded: new Set(), fans: new Map() }, graph) };
}

/** Adds what was read beyond one side of a node. */
export function withSide(lineage: Lineage, graph: LineageGraph, side: Side): Lineage {
  const key = sideKey(graph.root, side);
  return withGraph({ ...unfolded(lineage, key), read: new Set([...lineage.read, key]) }, graph);
}

function withGraph(lineage: Lineage, graph: LineageGraph): Lineage {
  const nodes = new Map(lineage.nodes);
  for (const node of graph.nodes) {
    const known = nodes.get(node.id);
    nodes.set(node.id, {
      ...node,
      moreUpstream: (known?.moreUpstream || node.moreUpstream) && !lineage.read.has(sideKey(node.id, 'up')),
      moreDownstream: (known?.moreDownstream || node.moreDownstream) && !lineage.read.has(sideKey(node.id, 'down')),
    });
  }
  const links = new Map(lineage.links);
  for (const link of graph.links) links.set(`${link.from} ${link.to}`, link);
  return { ...lineage, nodes, links };
}

export function folded(lineage: Lineage, key: string): Lineage {
  return { ...lineage, folded: new Set([...lineage.folded, key]) };
}

export function unfolded(lineage: Lineage, key: string): Lineage {
  const rest = new Set(lineage.folded);
  rest.delete(key);
  return { ...lineage, folded: rest };
}

export function withWiderFan(lineage: Lineage, { of, side }: Fan): Lineage {
  const key = sideKey(of, side);
  const shown = lineage.fans.get(key) ?? fanStart;
  return { ...lineage, fans: new Map([...lineage.fans, [key, shown + fanStep]]) };
}

/** What is to be seen: all that the root leads to, but for folded sides and what a fan stands for. */
export function shownLineage(lineage: Lineage): ShownLineage {
  const beside = neighbours(lineage);
  const distances = new Map([[lineage.root, 0]]);
  const behindFans = new Map<string, readonly string[]>();
  // A map gives what is added while it is walked, too: nearest first.
  for (const [id, distance] of distances) {
    for (const side of ['up', 'down'] as const) {
      const key = sideKey(id, side);
      if (lineage.folded.has(key)) continue;
      const all = beside.get(key) ?? [];
      const most = lineage.fans.get(key) ?? fanStart;
      // A fan for one or two would take as much room as they do.
      const shown = all.length <= most + 2 ? all : all.slice(0, most);
      for (const other of shown) {
        if (!distances.has(other)) distances.set(other, distance + (side === 'up' ? -1 : 1));
      }
      if (shown.length < all.length) behindFans.set(key, all.slice(most));
    }
  }
  const fans = [...behindFans].flatMap(([key, others]): Fan[] => {
    const count = others.filter((other) => !distances.has(other)).length;
    const [of, side] = key.split(' ') as [string, Side];
    return count === 0 ? [] : [{ id: `fan ${key}`, of, side, count }];
  });
  const fanSides = new Set(fans.map(({ of, side }) => sideKey(of, side)));
  const nodes = [...distances].flatMap(([id, distance]): ShownNode[] => {
    const node = lineage.nodes.get(id);
    if (!node) return [];
    const does = (side: Side, more: boolean): ShownNode['upstream'] => {
      const key = sideKey(id, side);
      if (lineage.folded.has(key) || more) return 'expand';
      const isOutward = distance === 0 || (side === 'up') === distance < 0 || lineage.read.has(key);
      const isOpen = fanSides.has(key) || (beside.get(key) ?? []).some((other) => distances.has(other));
      return isOutward && isOpen ? 'collapse' : undefined;
    };
    return [
      { ...node, distance, upstream: does('up', node.moreUpstream), downstream: does('down', node.moreDownstream) },
    ];
  });
  const links = [...lineage.links.values()].filter(({ from, to }) => distances.has(from) && distances.has(to));
  return { nodes, links, fans };
}

/** By side, the ids beyond it in the order of their names. */
function neighbours({ nodes, links }: Lineage): ReadonlyMap<string, readonly string[]> {
  const beside = new Map<string, string[]>();
  const add = (key: string, id: string): void => {
    const list = beside.get(key);
    if (list) list.push(id);
    else beside.set(key, [id]);
  };
  for (const { from, to } of links.values()) {
    add(sideKey(to, 'up'), from);
    add(sideKey(from, 'down'), to);
  }
  const nameOf = (id: string): string => nodes.get(id)?.name ?? '';
  for (const list of beside.values()) list.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return beside;
}
