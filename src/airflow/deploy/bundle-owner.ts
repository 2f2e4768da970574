import { existsSync, readFileSync } from 'node:fs';
import { MeridianError } from '../../errors.ts';
import { readBundle } from '../bundle/read-bundle.ts';

/**
 * Whose bundle stands at a path: its pipeline; `broken` for one of ours that Airflow would not run; `foreign` for a file
 * that is none of ours; undefined where there is nothing.
 */
export async function bundleOwner(path: string): Promise<string | 'broken' | 'foreign' | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    return (await readBundle(path)).deployment.pipeline;
  } catch (error) {
    if (!(error instanceof MeridianError)) throw error;
    return isOurs(path) ? 'broken' : 'foreign';
  }
}

function isOurs(path: string): boolean {
  try {
    return readFileSync(path).subarray(0, 400).includes('meridian airflow deploy');
  } catch {
    return false;
  }
}
