import type { AssetKind } from '../model/records.ts';
import type { Capabilities } from './capabilities.ts';
import { kindFacts } from './kind-facts.ts';
import { isAtLeast } from './server-version.ts';

/** Keys of create bodies that mean the same on another server, with the minor version of 1.x that brought each. */
const movable: Readonly<Record<string, number>> = {
  default: 1,
  retentionPeriod: 1,
  sourceUrl: 2,
  tablePartition: 1,
  fileFormat: 1,
  locationPath: 5,
  minimumInSyncReplicas: 1,
  topicConfig: 1,
  'dataModel.isPartitioned': 1,
  concurrency: 1,
  pipelineLocation: 1,
  startDate: 1,
  scheduleInterval: 1,
  state: 7,
  'mlStore.imageRepository': 1,
  mutuallyExclusive: 1,
  style: 2,
};

interface Partition {
  readonly columns?: readonly (
    | string
    | { readonly columnName?: string; readonly intervalType?: string; readonly interval?: string }
  )[];
  readonly intervalType?: string;
  readonly interval?: string;
}

/** What of an asset's own keys is not of its server alone, as references to other things there are. */
export function nativeKeys(kind: AssetKind, carried: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // A pipeline's address is an attribute that the model knows.
  const own = new Set(kindFacts[kind].carried.filter((key) => kind !== 'pipeline' || key !== 'sourceUrl'));
  const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '' || value === false;
  return Object.fromEntries(
    Object.entries(carried).filter(([key, value]) => own.has(key) && Object.hasOwn(movable, key) && !isEmpty(value)),
  );
}

/** Those of the keys that this version takes. */
export function fitNative(
  native: Readonly<Record<string, unknown>>,
  { version }: Capabilities,
): Record<string, unknown> {
  const kept = Object.entries(native).filter(([key]) => {
    const since = Object.hasOwn(movable, key) ? movable[key]! : Number.POSITIVE_INFINITY;
    return isAtLeast(version, 1, since);
  });
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      key === 'tablePartition' ? fitPartition(value as Partition, isAtLeast(version, 1, 4)) : value,
    ]),
  );
}

/** From 1.4 on each column of a partition has an interval of its own. */
function fitPartition({ columns = [], intervalType, interval }: Partition, isByColumn: boolean): Partition {
  if (isByColumn) {
    return {
      columns: columns.map((column) =>
        typeof column === 'string'
          ? { columnName: column, ...(intervalType && { intervalType }), ...(interval && { interval }) }
          : column,
      ),
    };
  }
  const [first] = columns;
  const of = typeof first === 'object' ? first : { intervalType, interval };
  return {
    columns: columns.map((column) => (typeof column === 'string' ? column : (column.columnName ?? ''))),
    ...(of.intervalType && { intervalType: of.intervalType }),
    ...(of.interval && { interval: of.interval }),
  };
}
