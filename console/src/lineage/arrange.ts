import ELK from 'elkjs/lib/elk-api.js';
import workerAddress from 'elkjs/lib/elk-worker.min.js?url';
import { layoutOptions } from './layout-options.ts';

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

// Made at once, not with the first graph: its script comes while the server looks for what is to be arranged.
const elk = new ELK({ workerFactory: () => new Worker(workerAddress) });

/** Places boxes so that arrows lead from left to right. It is worked out in a web worker: the page stays alive meanwhile. */
export async function arrange(boxes: readonly Box[], arrows: readonly Arrow[]): Promise<Places> {
  const done = await elk.layout({
    id: 'lineage',
    layoutOptions: layoutOptions(boxes.length),
    children: boxes.map(({ id, width, height }) => ({ id, width, height })),
    edges: arrows.map(({ from, to }, index) => ({ id: `a${index}`, sources: [from], targets: [to] })),
  });
  return new Map((done.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
}
