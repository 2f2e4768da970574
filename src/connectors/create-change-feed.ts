import type { ResolvedSettings } from '../config/resolve-settings.ts';
import { ConfigurationError } from '../errors.ts';
import type { ChangeFeed } from './change-feed.ts';

export interface ChangeFeedOptions {
  /** Name of the pipeline, of which the consumer group's name is made where the recipe has none. */
  readonly pipeline: string;
  readonly onNote: (message: string) => void;
}

/**
 * The change feed of the source that a recipe names.
 *
 * @throws ConfigurationError `watch.no-feed`, `watch.not-configured`
 */
export async function createChangeFeed(settings: ResolvedSettings, options: ChangeFeedOptions): Promise<ChangeFeed> {
  const { source, connection } = settings;
  if (!source.connector.createChangeFeed) {
    throw new ConfigurationError('watch.no-feed', `A source of type ${source.spec.type} has no change feed.`, {
      help: 'Read it again with “meridian ingest”, by hand or by a schedule.',
    });
  }
  return source.connector.createChangeFeed(connection, settings, options);
}
