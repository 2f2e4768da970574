import { rmSync } from 'node:fs';
import { bundleOwner } from './bundle-owner.ts';
import { pythonFiles } from './dag-folder.ts';
import {
  bundleFile,
  changedByHand,
  type DeployedFile,
  type DeployFolders,
  dagFile,
  notOurs,
  taken,
} from './deploy-dag.ts';

export interface RemoveOptions extends DeployFolders {
  readonly dagId: string;
  /** Remove only what is of this pipeline; whoever's it is unless set. */
  readonly pipeline?: string;
  /** Also a file of ours that somebody has changed by hand. */
  readonly force?: boolean;
}

/**
 * Takes the DAG file and the bundle of a DAG away; what is not there is no mistake.
 *
 * @returns what was removed
 * @throws ConfigurationError `airflow.folder`, `airflow.not-ours`, `airflow.dag-taken`, `airflow.changed-by-hand`;
 *   nothing has been removed then
 */
export async function removeDag({
  dagId,
  pipeline,
  force,
  ...folders
}: RemoveOptions): Promise<readonly DeployedFile[]> {
  const found: DeployedFile[] = [];
  for (const { path, header } of pythonFiles(folders.dags)) {
    const expected = path === dagFile(folders.dags, dagId);
    if (expected && !header) throw notOurs(path);
    if (header?.dagId !== dagId) continue;
    if (pipeline !== undefined && header.pipeline !== pipeline) throw taken(dagId, path, header.pipeline);
    if (!header.isIntact && !force) throw changedByHand(path);
    found.push({ kind: 'dag', path, outcome: 'removed' });
  }
  const bundle = bundleFile(folders.bundles, dagId);
  const owner = await bundleOwner(bundle);
  if (owner === 'foreign') throw notOurs(bundle);
  if (owner !== undefined) {
    if (pipeline !== undefined && owner !== 'broken' && owner !== pipeline) throw taken(dagId, bundle, owner);
    found.push({ kind: 'bundle', path: bundle, outcome: 'removed' });
  }
  // The DAG goes first: its tasks would fail without their bundle.
  for (const { path } of found) rmSync(path, { force: true });
  return found;
}
