/** One entity of the source has changed: enough to read it again, never the change itself. */
export interface ChangeNotice {
  /** The source's id. */
  readonly guid: string;
  readonly typeName: string;
  /** In the source's own words, such as `ENTITY_UPDATE` or `CLASSIFICATION_ADD`. */
  readonly operation: string;
  readonly qualifiedName?: string;
  /** Epoch milliseconds, on the source's clock. */
  readonly eventTime?: number;
}

/** Why notices alone are not enough, so that the source must be asked what has changed. */
export interface FeedGap {
  /** Stable word: `no-position`, `expired`, `too-many`, `lost-part`. */
  readonly reason: 'no-position' | 'expired' | 'too-many' | 'lost-part';
  readonly message: string;
}

/** Messages that were taken from the feed together. */
export interface ChangeBatch {
  /** In the feed's order, several of one entity included. */
  readonly notices: readonly ChangeNotice[];
  /** Messages taken, readable or not. */
  readonly messages: number;
  /** Messages that nobody could make sense of; reason → how many. */
  readonly unreadable: ReadonlyMap<string, number>;
  /** Changes before this batch, or within it, are missing. */
  readonly gaps: readonly FeedGap[];
  /**
   * Remembers at the feed that the batch has been applied. A batch that was never committed comes again.
   *
   * @throws ConnectionError when the feed cannot be told; the batch comes again then
   */
  commit(): Promise<void>;
}

export interface ChangeFeed {
  /**
   * Batches without end, until the signal. The first one comes at once and says where the feed stands (it may hold
   * nothing but gaps). A connection that breaks is made anew; what was not committed comes again.
   *
   * @throws AuthenticationError, ConnectionError, ConfigurationError when the feed cannot be had at all
   */
  batches(signal: AbortSignal): AsyncIterable<ChangeBatch>;
  close(): Promise<void>;
}
