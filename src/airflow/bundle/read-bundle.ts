import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import type { AirflowDeployment } from '../deployment.ts';
import { type BundleMetadata, decodeBundle, notABundle, sha256 } from './bundle-format.ts';

export interface Bundle {
  readonly dagIds: readonly string[];
  readonly deployment: AirflowDeployment;
  /** Meridian's version that wrote it. */
  readonly version: string;
  /** The shell script in front. */
  readonly launcher: string;
  /** Hex: SHA-256 of the launcher, as the trailer has it. */
  readonly digest: string;
}

/**
 * Reads a bundle and checks all that Airflow checks, plus its deployment.
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
  const { sdk, dags, meridian } = parsed<Partial<BundleMetadata>>(metadata, path);
  if (typeof sdk?.supervisor_schema_version !== 'string')
    throw notABundle(path, 'it does not say which protocol it speaks');
  if (typeof dags !== 'object' || dags === null) throw notABundle(path, 'it names no DAG');
  if (meridian?.source_sha256 !== sha256(source).toString('hex')) {
    throw notABundle(path, 'its deployment is not the one that was written');
  }
  return {
    dagIds: Object.keys(dags),
    deployment: parsed<AirflowDeployment>(source.toString('utf8'), path),
    version: meridian.version,
    launcher: executable.toString('utf8'),
    digest,
  };
}

function parsed<T>(json: string, path: string): T {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {
    // Told below.
  }
  throw notABundle(path, 'its content is not what we write');
}
