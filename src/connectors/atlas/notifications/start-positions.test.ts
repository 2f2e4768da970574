import { expect, it } from 'vitest';
import { type PartitionOffsets, startPositions } from './start-positions.ts';

const partition = (earliest: number, latest: number, committed?: number, id = 0): PartitionOffsets => ({
  partition: id,
  earliest: BigInt(earliest),
  latest: BigInt(latest),
  committed: committed === undefined ? undefined : BigInt(committed),
});
const reasons = (partitions: PartitionOffsets[], above = 100): [bigint[], string[]] => {
  const { offsets, gaps } = startPositions(partitions, above);
  return [[...offsets.values()], gaps.map(({ reason }) => reason)];
};

it('goes on where the group is', () => {
  expect(reasons([partition(0, 50, 20), partition(7, 9, 9, 1)])).toEqual([[20n, 9n], []]);
  expect(reasons([partition(20, 50, 20)])).toEqual([[20n], []]);
});

it('starts at the end behind a gap', () => {
  expect(reasons([partition(0, 50)])).toEqual([[50n], ['no-position']]);
  expect(reasons([partition(21, 50, 20)])).toEqual([[50n], ['expired']]);
  expect(reasons([partition(0, 50, 60)])).toEqual([[50n], ['expired']]);
});

it('skips what is more than an incremental run costs, over all partitions', () => {
  expect(reasons([partition(0, 60, 0), partition(0, 60, 20, 1)])).toEqual([[0n, 20n], []]);
  expect(reasons([partition(0, 60, 0), partition(0, 60, 19, 1)])).toEqual([[60n, 60n], ['too-many']]);
});

it('knows an empty topic', () => {
  expect(reasons([partition(0, 0, 0)])).toEqual([[0n], []]);
});
