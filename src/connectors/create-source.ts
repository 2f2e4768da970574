import type { ResolvedSettings } from '../config/resolve-settings.ts';
import { AtlasClient } from './atlas/atlas-client.ts';
import { AtlasSource } from './atlas/atlas-source.ts';
import type { Source, TargetNames } from './source.ts';

export interface SourceOptions {
  readonly redact: (text: string) => string;
  readonly targetNames: TargetNames;
}

/** The source that a recipe names. */
export function createSource(settings: ResolvedSettings, options: SourceOptions): Source {
  const { atlas, atlasLimits, mode, serviceName, clusters } = settings;
  const { requestsPerSecond, concurrency, pageSize, columnsBySearchLimit, timeoutSeconds, retries } = atlasLimits;
  const { hostPort, username, password, ...names } = atlas;
  const client = {
    ...{ hostPort, username, password, concurrency, retries },
    timeoutMs: timeoutSeconds * 1000,
    redact: options.redact,
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
  };
  return new AtlasSource({
    ...names,
    reader: new AtlasClient(client, pageSize),
    mode,
    serviceName,
    clusters,
    columnsBySearchLimit,
    targetNames: options.targetNames,
  });
}
