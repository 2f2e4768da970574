import type { Bound, ColumnSummary } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { formatNumber } from '../format/numbers.ts';
import { formatTime } from '../format/times.ts';

const timeTypes = new Set(['DATE', 'DATETIME', 'TIMESTAMP', 'TIMESTAMPZ']);

/** Seconds since 1970 stay below this until the year 5138; milliseconds are above it since 1973. */
const leastMilliseconds = 1e11;

/** A least or greatest value as text. Profiles hold moments of time as numbers, some in seconds and some in milliseconds. */
export function boundWords(bound: Bound, { dataType }: Pick<ColumnSummary, 'dataType'>): string {
  if (typeof bound === 'string') return bound;
  if (!timeTypes.has(dataType)) return formatNumber(bound);
  const moment = new Date(Math.abs(bound) < leastMilliseconds ? bound * 1000 : bound);
  return Number.isNaN(moment.getTime()) ? formatNumber(bound) : formatTime(moment.toISOString());
}
