import { type AtlasStandIn, type AtlasStandInOptions, startAtlas } from './atlas/start-atlas.ts';
import type { FaultRule } from './faults.ts';
import {
  type OpenMetadataOptions,
  type OpenMetadataStandIn,
  startOpenMetadata,
} from './openmetadata/start-openmetadata.ts';
import { startTrino, type TrinoStandIn, type TrinoStandInOptions } from './trino/start-trino.ts';

export interface SandboxOptions {
  readonly atlas?: AtlasStandInOptions;
  readonly openmetadata?: OpenMetadataOptions;
  /** Trino, too. */
  readonly trino?: TrinoStandInOptions | undefined;
  readonly atlasFaults?: readonly FaultRule[];
  readonly openmetadataFaults?: readonly FaultRule[];
}

export interface Sandbox {
  readonly atlas: AtlasStandIn;
  readonly openmetadata: OpenMetadataStandIn;
  /** Where it was asked for. */
  readonly trino: TrinoStandIn | undefined;
  /** Token of OpenMetadata's ingestion bot. */
  readonly token: string;
  close(): Promise<void>;
}

/**
 * Starts the stand-ins side by side on 127.0.0.1.
 * @throws {TypeError | RangeError} for a version or fault that does not exist, or a count that is none
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const atlas = await startAtlas(options.atlas);
  try {
    atlas.faults.set(options.atlasFaults ?? []);
    const openmetadata = await startOpenMetadata(options.openmetadata);
    let trino: TrinoStandIn | undefined;
    try {
      openmetadata.faults.set(options.openmetadataFaults ?? []);
      trino = options.trino && (await startTrino(options.trino));
    } catch (error) {
      await openmetadata.close();
      throw error;
    }
    return {
      atlas,
      openmetadata,
      trino,
      token: openmetadata.botToken,
      close: async () => {
        await Promise.all([atlas.close(), openmetadata.close(), trino?.close()]);
      },
    };
  } catch (error) {
    await atlas.close();
    throw error;
  }
}
