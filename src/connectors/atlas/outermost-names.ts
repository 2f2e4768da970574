import { containerName } from './families/container-record.ts';
import { fileParts } from './families/file-path.ts';
import { modelName } from './families/mlmodel-record.ts';
import { topicName } from './families/topic-record.ts';
import { type Mapping, nameOf, qualifiedName } from './map-entity.ts';
import type { Node } from './node-spool.ts';

/** An outermost node's names below its service. */
export function outermostNames(node: Node, suffix: string, mapping: Mapping): readonly string[] {
  const { entity, kind, family } = node;
  if (family === 'paths' && kind === 'container') {
    const [first, ...folders] = fileParts(entity, node.site);
    // A path that names no file system stands in its cluster already.
    return [first === node.site ? first : first + suffix, ...folders];
  }
  switch (kind) {
    case 'topic':
      return [(topicName(entity) ?? nameOf(entity)) + suffix];
    case 'mlmodel':
      return [modelName(entity) + suffix];
    case 'pipeline':
      // Unique without more, and the same whatever else there is.
      return [qualifiedName(entity)];
    case 'table':
      return ['default', entity.typeName, nameOf(entity) + suffix];
    default:
      return [containerName(entity, mapping) + suffix];
  }
}
