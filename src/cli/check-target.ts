import type { ResolvedSettings } from '../config/resolve-settings.ts';
import type { SourceCheck } from '../connectors/source.ts';
import { MeridianError } from '../errors.ts';
import type { OpenMetadataClient } from '../openmetadata/openmetadata-client.ts';
import { OpenMetadataTarget } from '../openmetadata/openmetadata-target.ts';

export interface TargetCheck extends SourceCheck {
  /** Exit code of the command when this step fails. */
  readonly exitCode: number;
}

/** Step-by-step check of the target; never throws for a failed step. */
export async function* checkTarget(
  client: OpenMetadataClient,
  settings: ResolvedSettings,
  signal: AbortSignal,
): AsyncIterable<TargetCheck> {
  const reach = 'reach OpenMetadata and sign in';
  try {
    const { version } = (await client.connect(signal)).capabilities;
    yield { name: reach, ok: true, message: `version ${version.text}`, exitCode: 0 };
    const target = new OpenMetadataTarget(client, signal);
    for (const service of settings.connection.databaseServiceName) {
      yield await checkService(target, service, settings.mode);
    }
  } catch (error) {
    const help = error instanceof MeridianError ? error.help : undefined;
    const message = error instanceof Error ? error.message : String(error);
    const exitCode = error instanceof MeridianError ? error.exitCode : 1;
    yield { name: reach, ok: false, message, exitCode, ...(help !== undefined && { help }) };
  }
}

async function checkService(
  target: OpenMetadataTarget,
  service: string,
  mode: ResolvedSettings['mode'],
): Promise<TargetCheck> {
  const databases = await target.databases(service);
  const name = `find database service ${service}`;
  if (databases) return { name, ok: true, message: `${databases.length} databases`, exitCode: 0 };
  if (mode === 'create') return { name, ok: true, message: 'not there yet; an ingest creates it', exitCode: 0 };
  return {
    name,
    ok: false,
    message: 'There is no such service.',
    help: 'Create it in OpenMetadata (Settings, Services), or set “meridian: {mode: create}”.',
    exitCode: 1,
  };
}
