import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import { type DagHeader, readDagHeader } from '../dag/render-dag.ts';

/** A Python file of a DAGs folder. */
export interface PythonFile {
  readonly path: string;
  /** Undefined for a file that is not ours. */
  readonly header: (DagHeader & { readonly isIntact: boolean }) | undefined;
  readonly text: string;
}

/** Larger files hold no DAG by hand, and none of ours. */
const largest = 8 * 1024 * 1024;
const mostFiles = 20_000;

/**
 * The Python files of a DAGs folder and the folders in it, as Airflow looks for DAGs.
 *
 * @throws ConfigurationError `airflow.folder`
 */
export function* pythonFiles(folder: string): Iterable<PythonFile> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConfigurationError('airflow.folder', `There is no folder ${folder}.`, {
      help: 'Give the folder that Airflow reads DAGs from: dags_folder in airflow.cfg.',
    });
  }
  let seen = 0;
  for (const path of filesIn(folder)) {
    if (!path.endsWith('.py')) continue;
    seen += 1;
    if (seen > mostFiles) return;
    try {
      if (statSync(path).size > largest) continue;
      const text = readFileSync(path, 'utf8');
      yield { path, text, header: readDagHeader(text) };
    } catch {
      // Gone meanwhile, or not for us to read: Airflow's processor is in the same place.
    }
  }
}

function* filesIn(folder: string): Iterable<string> {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '__pycache__' && !entry.name.startsWith('.')) yield* filesIn(path);
    } else yield path;
  }
}

/** True for a file by hand that makes a DAG of this id. */
export function declaresDag(text: string, dagId: string): boolean {
  const id = dagId.replaceAll(/[.-]/g, '\\$&');
  return new RegExp(`(?:\\bDAG\\(\\s*|\\bdag\\(\\s*|\\bdag_id\\s*=\\s*)(["'])${id}\\1`).test(text);
}
