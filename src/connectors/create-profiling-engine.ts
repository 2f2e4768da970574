import type { ResolvedSettings } from '../config/resolve-settings.ts';
import { ConfigurationError } from '../errors.ts';
import type { ProfilingEngine } from '../profiler/profiling-engine.ts';
import type { SourceOptions } from './connector.ts';

/** Where profiles of the source's tables come from. Nothing is contacted yet. @throws ConfigurationError `profile.no-engine` */
export async function createProfilingEngine(
  settings: ResolvedSettings,
  options: SourceOptions,
): Promise<ProfilingEngine> {
  const { source, connection } = settings;
  if (source.connector.createProfilingEngine) {
    return source.connector.createProfilingEngine(connection, settings, options);
  }
  throw new ConfigurationError('profile.no-engine', `A source of type ${source.spec.type} has no profiles to give.`, {
    help: 'Profile the tables through the database that holds them: meridian.profiler.services says where its tables are in OpenMetadata.',
  });
}
