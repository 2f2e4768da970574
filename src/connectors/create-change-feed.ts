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
  const { watch, sourceType } = settings;
  if (sourceType !== 'Atlas') {
    throw new ConfigurationError('watch.no-feed', `A source of type ${sourceType} has no change feed.`, {
      help: 'Only a running Atlas tells of its changes. A file is read again with “meridian ingest”.',
    });
  }
  if (!watch) {
    throw new ConfigurationError('watch.not-configured', 'The recipe does not say where the change feed is.', {
      help: 'Name the Kafka brokers that Apache Atlas writes to in meridian.watch.brokers.',
    });
  }
  const { KafkaChangeFeed } = await import('./atlas/notifications/kafka-change-feed.ts');
  const groupId = watch.groupId ?? `meridian-${options.pipeline.replace(/[^A-Za-z0-9._-]+/g, '_')}`;
  return new KafkaChangeFeed({ settings: watch, groupId, onNote: options.onNote });
}
