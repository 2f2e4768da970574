import type { AssetRecord, ContainerRecord, NamePath } from '../../model/records.ts';
import type { Node } from './node-spool.ts';
import type { NodePlacing } from './place-nodes.ts';

/** What a place needs around it and no entity stands for: folders above a path, a schema around a table. */
export function* madeUpAround(
  node: Node,
  path: NamePath,
  schemas: Set<string>,
  placing: Pick<NodePlacing, 'spool' | 'holdsAll'>,
): Generator<AssetRecord> {
  if (node.kind === 'table') {
    for (const [depth, kind] of [
      [2, 'database'],
      [3, 'databaseSchema'],
    ] as const) {
      const above = path.slice(0, depth);
      const key = JSON.stringify(above);
      if (schemas.has(key)) continue;
      schemas.add(key);
      const provenance = { id: `${kind}:${key}`, typeName: kind, qualifiedName: above.slice(1).join('.') };
      yield { kind, path: above, provenance, tags: [] };
    }
  }
  if (node.family !== 'paths') return;
  for (let depth = 2; depth < path.length; depth += 1) {
    const above = path.slice(0, depth);
    const id = `folder:${JSON.stringify(above)}`;
    if (placing.spool.addAsset(id, 'container', above) === 'new') yield folder(id, above, placing.holdsAll);
  }
}

/**
 * A folder that Atlas has no entity for, though one for something in it. Where only a part of Atlas is read it may have
 * one after all: then this is a shell, which overwrites nothing.
 */
function folder(id: string, path: NamePath, holdsAll: boolean): ContainerRecord {
  const [first, ...rest] = path.slice(1);
  const fullPath = [first, ...rest].join('/');
  const provenance = { id, typeName: 'folder', qualifiedName: fullPath };
  return { kind: 'container', path, provenance, tags: [], fullPath, ...(!holdsAll && { incomplete: true }) };
}
