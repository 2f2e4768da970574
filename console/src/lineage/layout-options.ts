import type { LayoutOptions } from 'elkjs/lib/elk-api.js';

const common: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  // The picture draws its own curves; straight ones take the least time to find.
  'elk.edgeRouting': 'POLYLINE',
  'elk.spacing.nodeNode': '18',
  'elk.layered.spacing.nodeNodeBetweenLayers': '90',
  'elk.layered.spacing.edgeNodeBetweenLayers': '24',
  'elk.spacing.edgeNode': '12',
  // Everything that is shown hangs together: nothing to look for.
  'elk.separateConnectedComponents': 'false',
};

/**
 * How a graph is laid out, by the number of its boxes.
 *
 * Finer layouts of large graphs take several times as long, and nobody sees the difference.
 */
export function layoutOptions(count: number): LayoutOptions {
  if (count <= 200) return common;
  const quick = {
    ...common,
    'elk.layered.thoroughness': '1',
    'elk.layered.layering.strategy': 'LONGEST_PATH',
    'elk.layered.crossingMinimization.greedySwitch.type': 'OFF',
  };
  return { ...quick, 'elk.layered.nodePlacement.strategy': count <= 600 ? 'BRANDES_KOEPF' : 'SIMPLE' };
}
