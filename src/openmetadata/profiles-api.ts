import type { Api } from './api.ts';

/** Epoch milliseconds, both ends included. */
export interface ProfileSpan {
  readonly from: number;
  readonly to: number;
}

/** Metrics of one moment, by OpenMetadata's names; which ones there are depends on who took them. */
export interface HeldProfile {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly [metric: string]: unknown;
}

/** A column with its newest profile, and what is nested in it. */
export interface ProfiledColumnAnswer {
  readonly name: string;
  readonly fullyQualifiedName?: string;
  readonly displayName?: string;
  readonly dataType: string;
  readonly dataTypeDisplay?: string;
  readonly profile?: HeldProfile | null;
  readonly children?: readonly ProfiledColumnAnswer[] | null;
}

/** A table with the newest profiles of itself and its columns. */
export interface ProfiledTableAnswer {
  readonly fullyQualifiedName: string;
  readonly profile?: HeldProfile | null;
  readonly columns?: readonly ProfiledColumnAnswer[] | null;
}

/** What is kept over time: of a table, of a column (by its own name), and what was done to a table's rows. */
export type ProfileSeries = 'tableProfile' | 'columnProfile' | 'systemProfile';

/** The newest profiles of a table and its columns; undefined when there is no such table. */
export function latestProfile(api: Api, fqn: string, signal: AbortSignal): Promise<ProfiledTableAnswer | undefined> {
  return api.find<ProfiledTableAnswer>(`/tables/${encodeURIComponent(fqn)}/tableProfile/latest`, {}, signal);
}

/**
 * What was kept within a span, oldest first.
 * @param fqn of the table; of the column for `columnProfile`
 */
export async function profileSeries(
  api: Api,
  series: ProfileSeries,
  fqn: string,
  { from, to }: ProfileSpan,
  signal: AbortSignal,
): Promise<readonly HeldProfile[]> {
  const query = { startTs: from, endTs: to };
  const answer = await api.find<{ data?: readonly HeldProfile[] | null } | undefined>(
    `/tables/${encodeURIComponent(fqn)}/${series}`,
    query,
    signal,
  );
  return (answer?.data ?? []).toSorted((one, other) => one.timestamp - other.timestamp);
}
