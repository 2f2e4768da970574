import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react';
import type { Arrow, Box, Places } from './arrange.ts';
import { type ColumnKey, columnKey, linkedColumns } from './column-trace.ts';
import type { Fan, ShownLineage, ShownNode } from './lineage-graph.ts';

export type Level = 'tables' | 'columns';

export interface AssetNodeData extends Record<string, unknown> {
  readonly node: ShownNode;
  readonly columns: readonly string[];
  /** Columns that are not shown. */
  readonly more: number;
}

export interface FanNodeData extends Record<string, unknown> {
  readonly fan: Fan;
  readonly name: string;
}

export type AssetFlowNode = Node<AssetNodeData, 'asset'>;
export type FanFlowNode = Node<FanNodeData, 'fan'>;
export type FlowNode = AssetFlowNode | FanFlowNode;

export const boxWidth = 232;
export const headHeight = 52;
export const rowHeight = 24;
const fanWidth = 112;
export const fanHeight = 34;
/** Columns that a box shows before it is asked for all of them. */
const columnsAtOnce = 6;

/** What is to be drawn, before anybody knows where. */
export interface Sketch {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly columns: ReadonlyMap<string, { readonly shown: readonly string[]; readonly more: number }>;
}

/** @param opened ids of boxes that show all of their columns */
export function sketch(shown: ShownLineage, level: Level, opened: ReadonlySet<string>): Sketch {
  const all = level === 'columns' ? linkedColumns(shown.links) : new Map<string, readonly string[]>();
  const columns = new Map(
    [...all].map(([id, names]) => {
      const most = opened.has(id) || names.length <= columnsAtOnce + 1 ? names.length : columnsAtOnce;
      return [id, { shown: names.slice(0, most), more: names.length - most }] as const;
    }),
  );
  const boxes = shown.nodes.map(({ id }) => {
    const { shown: names = [], more = 0 } = columns.get(id) ?? {};
    const rows = names.length + (more > 0 ? 1 : 0);
    return { id, width: boxWidth, height: headHeight + (rows > 0 ? rows * rowHeight + 8 : 0) };
  });
  const fans = shown.fans.map(({ id }) => ({ id, width: fanWidth, height: fanHeight }));
  const arrows = [
    ...shown.links.map(({ from, to }) => ({ from, to })),
    ...shown.fans.map(({ id, of, side }) => (side === 'up' ? { from: id, to: of } : { from: of, to: id })),
  ];
  return { boxes: [...boxes, ...fans], arrows, columns };
}

/**
 * Boxes for the picture. Sizes and ends of arrows are told, not measured: a thousand boxes need no second drawing.
 */
export function flowNodes(shown: ShownLineage, { boxes, columns }: Sketch, places: Places): FlowNode[] {
  const sizes = new Map(boxes.map((box) => [box.id, box]));
  const names = new Map(shown.nodes.map(({ id, name }) => [id, name]));
  const common = (id: string, handles: NodeHandle[]) => {
    const { width = boxWidth, height = headHeight } = sizes.get(id) ?? {};
    const position = places.get(id) ?? { x: 0, y: 0 };
    return { id, position, width, height, measured: { width, height }, handles };
  };
  const assets = shown.nodes.map((node): AssetFlowNode => {
    const { shown: rows = [], more = 0 } = columns.get(node.id) ?? {};
    const handles = [
      ...bothHandles('', boxWidth, headHeight / 2),
      ...rows.flatMap((name, row) => bothHandles(name, boxWidth, headHeight + (row + 0.5) * rowHeight)),
    ];
    return { ...common(node.id, handles), type: 'asset', data: { node, columns: rows, more } };
  });
  const fans = shown.fans.map(
    (fan): FanFlowNode => ({
      ...common(fan.id, bothHandles('', fanWidth, fanHeight / 2)),
      type: 'fan',
      data: { fan, name: names.get(fan.of) ?? '' },
    }),
  );
  return [...assets, ...fans];
}

function bothHandles(name: string, width: number, y: number): NodeHandle[] {
  const common = { y, width: 1, height: 1 };
  return [
    { ...common, type: 'target', id: `in ${name}`, position: Position.Left, x: 0 },
    { ...common, type: 'source', id: `out ${name}`, position: Position.Right, x: width },
  ];
}

/** @param traced columns to be followed; arrows between others step back */
export function flowEdges(
  shown: ShownLineage,
  { columns }: Sketch,
  level: Level,
  traced: ReadonlySet<ColumnKey> | undefined,
  chosen: string | undefined,
): Edge[] {
  const rows = new Map([...columns].map(([id, { shown: names }]) => [id, new Set(names)]));
  const edges = new Map<string, Edge>();
  const add = (link: string, source: string, target: string, from: string, to: string, lit: boolean): void => {
    const sourceHandle = `out ${rows.get(source)?.has(from) ? from : ''}`;
    const targetHandle = `in ${rows.get(target)?.has(to) ? to : ''}`;
    const id = `${source} ${sourceHandle}\n${target} ${targetHandle}`;
    const className = lit ? 'lit' : traced ? 'quiet' : link === chosen ? 'chosen' : '';
    // Several pairs of columns that are not shown lead from box to box: one arrow stands for all.
    if (!edges.has(id) || lit) {
      edges.set(id, { id, source, target, sourceHandle, targetHandle, className, data: { link }, focusable: false });
    }
  };
  for (const { from, to, columns: pairs } of shown.links) {
    const link = `${from} ${to}`;
    if (level === 'tables' || pairs.length === 0) add(link, from, to, '', '', false);
    else {
      for (const pair of pairs) {
        for (const column of pair.from) {
          const lit = (traced?.has(columnKey(from, column)) && traced.has(columnKey(to, pair.to))) ?? false;
          add(link, from, to, column, pair.to, lit);
        }
      }
    }
  }
  for (const { id, of, side } of shown.fans) add('', side === 'up' ? id : of, side === 'up' ? of : id, '', '', false);
  return [...edges.values()];
}
