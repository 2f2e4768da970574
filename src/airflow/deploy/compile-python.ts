import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../errors.ts';

/**
 * Lets Python compile a file, where there is a Python.
 *
 * @returns false when there is none
 * @throws ConfigurationError `airflow.python` when it does not compile
 */
export function compilePython(path: string, env: Readonly<Record<string, string | undefined>>): boolean {
  for (const program of ['python3', 'python']) {
    const { status, stderr, error } = spawnSync(program, ['-m', 'py_compile', path], {
      // What it compiles to is of no use, and none of the DAGs folder's business.
      env: { ...env, PYTHONPYCACHEPREFIX: join(tmpdir(), `meridian-pycache-${process.pid}`) },
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (status === 0) return true;
    if (error || /No module named|not found|Python was not found/i.test(stderr)) continue;
    if (/Error/.test(stderr)) {
      throw new ConfigurationError(
        'airflow.python',
        `Python does not take the DAG file: ${stderr.trim().split('\n').at(-1)}`,
        {
          help: 'This is a mistake in Meridian: please report it with the recipe’s airflow: block.',
        },
      );
    }
  }
  return false;
}
