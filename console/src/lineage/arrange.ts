import ELK, { type ELK as Elk, type LayoutOptions } from 'elkjs/lib/elk-api.js';
import workerAddress from 'elkjs/lib/elk-worker.min.js?url';

export interface Box {
  readonly id: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** Upper left corners, in pixels. */
export type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

const common: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  // The picture draws its own curves; straight ones take the least time to find.
  'elk.edgeRouting': 'POLYLINE',
  'elk.spacing.nodeNode': '18',
  'elk.layered.spacing.nodeNodeBetweenLayers': '90',
  'elk.layered.spacing.edgeNodeBetweenLayers': '24',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.componentComponent': '40',
};

/** Finer layouts of large graphs take several times as long, and nobody sees the difference. */
function optionsFor(count: number): LayoutOptions {
  if (count <= 200) return common;
  const quick = {
    ...common,
    'elk.layered.thoroughness': '1',
    'elk.layered.layering.strategy': 'LONGEST_PATH',
  };
  return { ...quick, 'elk.layered.nodePlacement.strategy': count <= 600 ? 'BRANDES_KOEPF' : 'SIMPLE' };
}

let elk: Elk | undefined;

/** Places boxes so that arrows lead from left to right. It is worked out in a web worker: the page stays alive meanwhile. */
export async function arrange(boxes: readonly Box[], arrows: readonly Arrow[]): Promise<Places> {
  elk ??= new ELK({ workerFactory: () => new Worker(workerAddress) });
  const done = await elk.layout({
    id: 'lineage',
    layoutOptions: optionsFor(boxes.length),
    children: boxes.map(({ id, width, height }) => ({ id, width, height })),
    edges: arrows.map(({ from, to }, index) => ({ id: `a${index}`, sources: [from], targets: [to] })),
  });
  return new Map((done.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
}
