import type { FeedGap } from '../../change-feed.ts';

/** What the brokers know of one partition. */
export interface PartitionOffsets {
  readonly partition: number;
  /** The first message that they still have. */
  readonly earliest: bigint;
  /** Where the next message will be. */
  readonly latest: bigint;
  /** Where our group is; undefined when it has never been there. */
  readonly committed: bigint | undefined;
}

export interface StartPositions {
  /** Partition → first offset to read. */
  readonly offsets: ReadonlyMap<number, bigint>;
  readonly gaps: readonly FeedGap[];
}

/**
 * Where to read on, and what is missing before it. Behind a gap the feed starts at its end: the incremental run that
 * fills the gap reads the source after this moment, so that nothing lies between the two.
 *
 * @param incrementalAbove messages that wait, above which an incremental run costs less than they do
 */
export function startPositions(partitions: readonly PartitionOffsets[], incrementalAbove: number): StartPositions {
  const gaps: FeedGap[] = [];
  const offsets = new Map<number, bigint>();
  for (const { partition, earliest, latest, committed } of partitions) {
    const reason = gapAt(earliest, latest, committed);
    if (reason) gaps.push(reason);
    offsets.set(partition, reason || committed === undefined ? latest : committed);
  }
  const waiting = partitions.reduce((sum, { partition, latest }) => sum + (latest - offsets.get(partition)!), 0n);
  if (waiting > BigInt(incrementalAbove)) {
    for (const { partition, latest } of partitions) offsets.set(partition, latest);
    gaps.push({ reason: 'too-many', message: `${waiting} messages wait, more than an incremental run costs.` });
  }
  return { offsets, gaps };
}

function gapAt(earliest: bigint, latest: bigint, committed: bigint | undefined): FeedGap | undefined {
  if (committed === undefined) {
    return { reason: 'no-position', message: 'The feed has not been followed before.' };
  }
  if (committed < earliest) {
    return { reason: 'expired', message: `The brokers have dropped ${earliest - committed} messages unread.` };
  }
  if (committed > latest) {
    return { reason: 'expired', message: 'The topic has been made anew.' };
  }
  return undefined;
}
