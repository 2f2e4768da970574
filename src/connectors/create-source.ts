import type { ResolvedSettings } from '../config/resolve-settings.ts';
import type { SourceOptions } from './connector.ts';
import type { Source } from './source.ts';

/** The source that a recipe names. Nothing is contacted yet. */
export function createSource(settings: ResolvedSettings, options: SourceOptions): Promise<Source> {
  return settings.source.connector.create(settings.connection, settings, options);
}
