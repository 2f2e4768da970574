import { createHash } from 'node:crypto';
import { ConfigurationError } from '../../errors.ts';

/**
 * The form in which Airflow 3.3's `ExecutableCoordinator` wants what it runs:
 * `[executable][source][metadata as YAML][trailer of 64 bytes]`. The trailer, little-endian: length of the source, length of the
 * metadata, version 1 (each a uint32), the SHA-256 of the executable, 12 bytes of zero, and eight letters.
 */
export const supervisorSchemaVersion = '2026-06-16';

const magic = 'AFBNDL01';
const trailerLength = 64;
const trailerVersion = 1;

export interface BundleMetadata {
  readonly sdk: { readonly supervisor_schema_version: string };
  readonly dags: Readonly<Record<string, unknown>>;
  /** Ours; Airflow does not look at it. */
  readonly meridian: {
    readonly version: string;
    /** Hex. The trailer's digest covers the executable only. */
    readonly source_sha256: string;
  };
}

export interface BundleParts {
  readonly executable: Buffer;
  readonly source: Buffer;
  /** As YAML. Written as JSON, which is YAML in every version: in some, a plain `yes` is no text. */
  readonly metadata: string;
  /** Hex: SHA-256 of the executable. */
  readonly digest: string;
}

export function sha256(bytes: Buffer | string): Buffer {
  return createHash('sha256').update(bytes).digest();
}

export function encodeBundle(executable: Buffer, source: Buffer, metadata: string): Buffer {
  const description = Buffer.from(metadata);
  const trailer = Buffer.alloc(trailerLength);
  trailer.writeUInt32LE(source.length, 0);
  trailer.writeUInt32LE(description.length, 4);
  trailer.writeUInt32LE(trailerVersion, 8);
  sha256(executable).copy(trailer, 12);
  trailer.write(magic, trailerLength - magic.length, 'ascii');
  return Buffer.concat([executable, source, description, trailer]);
}

/** @throws ConfigurationError `airflow.bundle` for everything that Airflow would pass over without a word */
export function decodeBundle(bytes: Buffer, path: string): BundleParts {
  const trailer = bytes.subarray(Math.max(0, bytes.length - trailerLength));
  if (trailer.length < trailerLength || trailer.toString('latin1', trailerLength - magic.length) !== magic) {
    throw notABundle(path, 'it does not end as a task bundle does');
  }
  const [sourceLength, metadataLength, version] = [0, 4, 8].map((at) => trailer.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  if (version !== trailerVersion) throw notABundle(path, `its trailer is of version ${version}, not ${trailerVersion}`);
  if (trailer.subarray(44, trailerLength - magic.length).some((byte) => byte !== 0)) {
    throw notABundle(path, 'reserved bytes of its trailer are not zero');
  }
  const metadataAt = bytes.length - trailerLength - metadataLength;
  const sourceAt = metadataAt - sourceLength;
  if (sourceAt <= 0) throw notABundle(path, 'its trailer tells of more than the file holds');
  const executable = bytes.subarray(0, sourceAt);
  const digest = sha256(executable);
  if (!digest.equals(trailer.subarray(12, 44))) throw notABundle(path, 'its launcher is not the one that was deployed');
  return {
    executable,
    source: bytes.subarray(sourceAt, metadataAt),
    metadata: bytes.toString('utf8', metadataAt, metadataAt + metadataLength),
    digest: digest.toString('hex'),
  };
}

export function notABundle(path: string, why: string): ConfigurationError {
  return new ConfigurationError('airflow.bundle', `${path} is no task bundle that Airflow would run: ${why}.`, {
    help: 'Deploy the recipe again: “meridian airflow deploy”.',
  });
}
