import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { ConfigurationError } from '../../errors.ts';
import { type AirflowDeployment, stepsOf } from '../deployment.ts';
import { type BundleMetadata, encodeBundle, sha256, supervisorSchemaVersion } from './bundle-format.ts';
import { bundleLauncher } from './bundle-launcher.ts';
import { readBundle } from './read-bundle.ts';

export interface BundleContent {
  /** Of the file. Its folder, or one above it, is in `executables_root` of Airflow's coordinator. */
  readonly path: string;
  readonly deployment: AirflowDeployment;
  /** Meridian's own version. */
  readonly version: string;
}

export interface WrittenBundle {
  /** Hex: SHA-256 of the launcher, read back from the file. */
  readonly digest: string;
  /** False when the file was there already, byte for byte. */
  readonly changed: boolean;
}

/**
 * Writes a bundle, and reads it back: Airflow passes over a bad one without a word. The file is replaced in one step, since a
 * task may start at any moment.
 *
 * @throws ConfigurationError `airflow.write`, `airflow.bundle`
 */
export async function writeBundle(content: BundleContent): Promise<WrittenBundle> {
  const { path } = content;
  const bytes = bundleBytes(content);
  const before = await readFile(path).catch(() => undefined);
  const changed = before === undefined || !before.equals(bytes);
  const beside = `${path}.${process.pid}.new`;
  try {
    if (changed) {
      const file = await open(beside, 'w', 0o644);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await chmod(beside, 0o755);
      await rename(beside, path);
    } else await chmod(path, 0o755);
  } catch (error) {
    await rm(beside, { force: true });
    throw new ConfigurationError(
      'airflow.write',
      `${path} cannot be written: ${(error as NodeJS.ErrnoException).code}.`,
      {
        help: 'Give a folder that is there and that you may write to.',
        cause: error,
      },
    );
  }
  const { digest } = await readBundle(path);
  return { digest, changed };
}

/** The same content gives the same bytes. */
export function bundleBytes({ deployment, version }: Omit<BundleContent, 'path'>): Buffer {
  const source = Buffer.from(`${JSON.stringify(deployment)}\n`);
  const metadata: BundleMetadata = {
    sdk: { supervisor_schema_version: supervisorSchemaVersion },
    dags: { [deployment.dagId]: { tasks: stepsOf(deployment) } },
    meridian: { version, source_sha256: sha256(source).toString('hex') },
  };
  return encodeBundle(Buffer.from(bundleLauncher(deployment.command)), source, `${JSON.stringify(metadata)}\n`);
}
