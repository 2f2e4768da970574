import type { ResolvedSettings } from '../config/resolve-settings.ts';
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
  return new AtlasSource({
    ...atlas,
    mode,
    serviceName,
    clusters,
    concurrency,
    pageSize,
    columnsBySearchLimit,
    retries,
    timeoutMs: timeoutSeconds * 1000,
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    ...options,
  });
}
