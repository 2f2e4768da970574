import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { type BundleMetadata, decodeBundle, notABundle, sha256 } from './bundle-format.ts';

export interface Bundle {
  readonly dagIds: readonly string[];
  /** As it was deployed: references in place of secrets. */
  readonly recipe: string;
  /** Where relative paths of the recipe start from. */
  readonly folder: string;
  /** Meridian's version that wrote it. */
  readonly version: string;
  /** The shell script in front. */
  readonly launcher: string;
  /** Hex: SHA-256 of the launcher, as the trailer has it. */
  readonly digest: string;
}

/**
 * Reads a bundle and checks all that Airflow checks, plus its recipe.
 *
 * @throws ConfigurationError `airflow.bundle`
 */
export async function readBundle(path: string): Promise<Bundle> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
    await access(path, constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw notABundle(path, code === 'ENOENT' ? 'it is not there' : code === 'EACCES' ? 'it may not be run' : `${code}`);
  }
  const { executable, source, metadata, digest } = decodeBundle(bytes, path);
  const { sdk, dags, meridian } = parsed(metadata, path);
  if (typeof sdk?.supervisor_schema_version !== 'string')
    throw notABundle(path, 'it does not say which protocol it speaks');
  if (typeof dags !== 'object' || dags === null) throw notABundle(path, 'it names no DAG');
  if (meridian?.recipe_sha256 !== sha256(source).toString('hex')) {
    throw notABundle(path, 'its recipe is not the one that was deployed');
  }
  return {
    dagIds: Object.keys(dags),
    recipe: source.toString('utf8'),
    folder: meridian.folder,
    version: meridian.version,
    launcher: executable.toString('utf8'),
    digest,
  };
}

function parsed(metadata: string, path: string): Partial<BundleMetadata> {
  try {
    const value: unknown = JSON.parse(metadata);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw notABundle(path, 'its description is not one that we wrote');
}
