import type { ColumnProfile, SampleRows, TableProfile } from '../profiler/profiling-engine.ts';
import type { Body } from './bodies.ts';
import type { Capabilities } from './capabilities.ts';
import { isAtLeast } from './server-version.ts';

/** A profile as it is to be stored: columns by the target's names. */
export interface StoredProfile extends Omit<TableProfile, 'from' | 'problems' | 'sampledRows'> {
  /** Epoch milliseconds; the same one again replaces what was stored under it. */
  readonly timestamp: number;
  readonly sample?: { readonly size: number; readonly type: 'PERCENTAGE' | 'ROWS'; readonly method?: string };
}

/** Metrics that JSON cannot hold: NaN and the infinities of floating-point columns. */
export interface UnfitMetric {
  readonly column: string;
  readonly metric: string;
}

/**
 * `PUT /tables/{id}/tableProfile`. Keys that a server does not know are 400 at every level (seen on 1.1), so that only those
 * of its version are sent; without `columnProfile` some versions of it fail.
 *
 * @param dropped keys that this very server has refused
 */
export function profileBody(
  profile: StoredProfile,
  capabilities: Capabilities,
  dropped: ReadonlySet<string>,
): { readonly body: Body; readonly unfit: readonly UnfitMetric[] } {
  const { timestamp, rowCount, columnCount, sizeInByte, createdAt, sample, columns, operations } = profile;
  const unfit: UnfitMetric[] = [];
  // Told of samples from 1.6 to 1.12; later servers have it in another place.
  const knowsMethod =
    isAtLeast(capabilities.version, 1, 6) && !isAtLeast(capabilities.version, 1, 13) && sample?.method !== undefined;
  const table = {
    timestamp,
    rowCount,
    columnCount,
    sizeInByte,
    ...(createdAt !== undefined && { createDateTime: new Date(createdAt).toISOString() }),
    ...(sample && { profileSample: sample.size, profileSampleType: sample.type }),
    ...(knowsMethod && { samplingMethodType: sample.method }),
  };
  const body: Body = {
    tableProfile: fitting(table, '', unfit, dropped),
    columnProfile: columns.map((column) => columnBody(column, timestamp, unfit, dropped)),
    ...(operations && operations.length > 0 && { systemProfile: operations.map((each) => ({ ...each })) }),
  };
  return { body, unfit };
}

function columnBody(
  { name, approximate: _told, ...metrics }: ColumnProfile,
  timestamp: number,
  unfit: UnfitMetric[],
  dropped: ReadonlySet<string>,
): Body {
  return { name, timestamp, ...fitting(metrics, name, unfit, dropped) };
}

function fitting(values: Body, column: string, unfit: UnfitMetric[], dropped: ReadonlySet<string>): Body {
  return Object.fromEntries(
    Object.entries(values).filter(([metric, value]) => {
      if (value === undefined || value === null || dropped.has(metric)) return false;
      if (!hasNoJson(value)) return true;
      unfit.push({ column, metric });
      return false;
    }),
  );
}

function hasNoJson(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return value !== null && typeof value === 'object' && Object.values(value).some(hasNoJson);
}

/** Characters of a sample value that are stored. */
const longestValue = 4000;

/** `PUT /tables/{id}/sampleData`. Values that JSON cannot hold are sent as text. */
export function sampleDataBody({ columns, rows }: SampleRows): Body {
  return { columns: [...columns], rows: rows.map((row) => row.map(sampleValue)) };
}

function sampleValue(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `[base64]${Buffer.from(value).toString('base64').slice(0, longestValue)}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map(sampleValue);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sampleValue(item)]));
}
