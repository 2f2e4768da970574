import type { AssetKind, NamePath } from '../../model/records.ts';
import type { ToldAsset } from '../reading-part.ts';
import type { LineageSpool } from './lineage-spool.ts';
import type { NodeSpool } from './node-spool.ts';
import type { Spool } from './spool.ts';

interface Spools {
  readonly spool: Spool;
  readonly lineage: LineageSpool;
  readonly nodes: NodeSpool;
}

/** Every asset that this part of a reading has told, for the part that tells what is between them. */
export function* toldAssets({ spool, lineage, nodes }: Spools): Generator<ToldAsset> {
  for (const row of spool.walk('SELECT guid, kind, path FROM assets').iterate()) {
    const id = String(row['guid']);
    const columns = lineage.columnsOf(id);
    yield {
      id,
      kind: row['kind'] as AssetKind,
      path: JSON.parse(String(row['path'])) as NamePath,
      ...(columns.length > 0 && { columns }),
    };
  }
  for (const { guid, path, task } of nodes.pipelines()) yield { id: guid, kind: 'pipeline', path, task };
}

/** Takes what another part of the reading has told. Ends of lineage are known by then. */
export function takeTold({ id, kind, path, columns = [], task }: ToldAsset, { spool, lineage, nodes }: Spools): void {
  if (task !== undefined) nodes.addPipeline(id, path, task);
  else spool.addAsset(id, kind, path);
  for (const [column, name] of columns) lineage.place(column, id, name);
}
