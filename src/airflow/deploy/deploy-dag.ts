import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import { writeBundle } from '../bundle/write-bundle.ts';
import { readDagHeader, renderDag } from '../dag/render-dag.ts';
import type { AirflowDeployment } from '../deployment.ts';
import { bundleOwner } from './bundle-owner.ts';
import { compilePython } from './compile-python.ts';
import { declaresDag, pythonFiles } from './dag-folder.ts';

export interface DeployFolders {
  /** That Airflow reads DAGs from; it is there. */
  readonly dags: string;
  /** Of the task bundles; made when missing. */
  readonly bundles: string;
}

export interface DeployOptions extends DeployFolders {
  /** Meridian's own version. */
  readonly version: string;
  /** Replace files of ours that somebody has changed by hand. */
  readonly force?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface DeployedFile {
  readonly kind: 'dag' | 'bundle';
  readonly path: string;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'removed';
}

export interface Deployed {
  readonly dagId: string;
  readonly files: readonly DeployedFile[];
  /** Whether Python was there to compile the DAG file. */
  readonly compiled: boolean;
  readonly warnings: readonly string[];
}

export const dagFile = (folder: string, dagId: string): string => join(folder, `meridian_${dagId}.py`);
export const bundleFile = (folder: string, dagId: string): string => join(folder, `meridian_${dagId}.bundle`);

/**
 * Puts a deployment's DAG file and task bundle into their folders, each in one step, and reads both back.
 *
 * @throws ConfigurationError `airflow.folder`, `airflow.dag-taken`, `airflow.not-ours`, `airflow.changed-by-hand`,
 *   `airflow.python`, `airflow.write`, `airflow.bundle`; nothing has been written then, or all of one file
 */
export async function deployDag(deployment: AirflowDeployment, options: DeployOptions): Promise<Deployed> {
  const { dagId, settings } = deployment;
  const { version, env } = options;
  const path = dagFile(options.dags, dagId);
  const warnings = checkFolder(deployment, path, options);
  const bundle = bundleFile(options.bundles, dagId);
  const owner = await bundleOwner(bundle);
  if (owner === 'foreign') throw notOurs(bundle);
  if (owner !== undefined && owner !== 'broken' && owner !== deployment.pipeline) throw taken(dagId, bundle, owner);
  const files: DeployedFile[] = [];
  // The bundle comes first: a DAG whose tasks nobody can run would fail at once.
  if (settings.form !== 'bash') {
    makeFolder(options.bundles);
    const { changed } = await writeBundle({ path: bundle, deployment, version });
    const outcome = owner === undefined ? 'created' : changed ? 'updated' : 'unchanged';
    files.push({ kind: 'bundle', path: bundle, outcome });
  }
  const { outcome, compiled } = writeDag(path, renderDag(deployment, version), env);
  files.unshift({ kind: 'dag', path, outcome });
  if (settings.form === 'bash' && owner !== undefined) {
    rmSync(bundle, { force: true });
    files.push({ kind: 'bundle', path: bundle, outcome: 'removed' });
  }
  return { dagId, files, compiled, warnings };
}

/** Whether the DAG's id is free or ours; what is worth a word besides. */
function checkFolder({ dagId, pipeline }: AirflowDeployment, path: string, options: DeployOptions): string[] {
  const warnings: string[] = [];
  for (const { path: other, header, text } of pythonFiles(options.dags)) {
    if (other === path) {
      if (!header) throw notOurs(path);
      if (header.pipeline !== pipeline) throw taken(dagId, path, header.pipeline);
      if (!header.isIntact && !options.force) throw changedByHand(path);
    } else if (header) {
      if (header.dagId === dagId) throw taken(dagId, other, header.pipeline);
      if (header.pipeline === pipeline) {
        warnings.push(
          `This recipe’s pipeline also runs as DAG ${header.dagId} (${other}): “meridian airflow remove --dag-id ${header.dagId}” takes it away.`,
        );
      }
    } else if (declaresDag(text, dagId)) throw taken(dagId, other, 'a file that is not ours');
  }
  return warnings;
}

function writeDag(
  path: string,
  text: string,
  env: DeployOptions['env'],
): { readonly outcome: DeployedFile['outcome']; readonly compiled: boolean } {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (before === text) return { outcome: 'unchanged', compiled: compilePython(path, env) };
  // Not called *.py, so that Airflow does not look at it.
  const beside = `${path}.${process.pid}.new`;
  try {
    writeFileSync(beside, text, { mode: 0o644, flush: true });
    chmodSync(beside, 0o644);
    const compiled = compilePython(beside, env);
    renameSync(beside, path);
    if (!readDagHeader(readFileSync(path, 'utf8'))?.isIntact) throw new Error('it is not what was written');
    return { outcome: before === undefined ? 'created' : 'updated', compiled };
  } catch (error) {
    rmSync(beside, { force: true });
    throw error instanceof ConfigurationError ? error : cannotWrite(path, error);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

function cannotWrite(path: string, cause: unknown): ConfigurationError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new ConfigurationError('airflow.write', `${path} cannot be written: ${code ?? message}.`, {
    help: 'Give a folder that is there and that you may write to.',
    cause,
  });
}

export function notOurs(path: string): ConfigurationError {
  return new ConfigurationError('airflow.not-ours', `${path} is there already, and Meridian has not written it.`, {
    help: 'Move it away, or give the DAG another id (airflow.dagId).',
  });
}

export function taken(dagId: string, path: string, by: string): ConfigurationError {
  return new ConfigurationError('airflow.dag-taken', `The DAG id ${dagId} is taken by ${by}, in ${path}.`, {
    help: 'Give this recipe another one (airflow.dagId), or remove the other DAG first.',
  });
}

export function changedByHand(path: string): ConfigurationError {
  return new ConfigurationError('airflow.changed-by-hand', `Somebody has changed ${path} by hand.`, {
    help: 'Put the change into the recipe’s airflow: block; then --force replaces the file.',
  });
}
