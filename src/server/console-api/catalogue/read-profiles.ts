import type { ProfiledColumnAnswer, ProfileSpan } from '../../../openmetadata/profiles-api.ts';
import type { CatalogueSession } from './catalogue-session.ts';
import { toColumnMoment, toOperation, toTableMoment } from './profile-moments.ts';
import type { ColumnProfiles, ColumnSummary, TableProfiles } from './profile-types.ts';

/** Bars of older moments stay at the server: a year of hourly profiles would be megabytes of them. */
const momentsWithBars = 100;

/** The profiles of a table, whoever took them; undefined where OpenMetadata has no such table. */
export async function readTableProfiles(
  { client }: CatalogueSession,
  fqn: string,
  span: ProfileSpan,
  signal: AbortSignal,
): Promise<TableProfiles | undefined> {
  const [latest, history, operations] = await Promise.all([
    client.latestProfile(fqn, signal),
    client.profileSeries('tableProfile', fqn, span, signal),
    client.profileSeries('systemProfile', fqn, span, signal),
  ]);
  if (!latest) return undefined;
  const { profile, columns } = latest;
  return {
    ...(profile && { latest: toTableMoment(profile) }),
    history: history.map(toTableMoment),
    operations: operations.map(toOperation),
    columns: (columns ?? []).flatMap((column) => toSummaries(column, '')),
  };
}

/** How a column was at each moment. @param fqn of the column */
export async function readColumnProfiles(
  { client }: CatalogueSession,
  fqn: string,
  span: ProfileSpan,
  signal: AbortSignal,
): Promise<ColumnProfiles> {
  const held = await client.profileSeries('columnProfile', fqn, span, signal);
  const history = held.map((each, place) => {
    const { histogram, categories, ...moment } = toColumnMoment(each);
    if (place < held.length - momentsWithBars) return moment;
    return { ...moment, ...(histogram && { histogram }), ...(categories && { categories }) };
  });
  return { history };
}

/** A column and what is nested in it. */
function toSummaries(column: ProfiledColumnAnswer, above: string): ColumnSummary[] {
  const { dataType, dataTypeDisplay, profile, children, fullyQualifiedName } = column;
  const name = `${above}${column.displayName || column.name}`;
  const summary: ColumnSummary = {
    fqn: fullyQualifiedName ?? name,
    name,
    type: dataTypeDisplay || dataType,
    dataType,
    ...(profile && newest(profile)),
  };
  return [summary, ...(children ?? []).flatMap((child) => toSummaries(child, `${name}.`))];
}

function newest(profile: NonNullable<ProfiledColumnAnswer['profile']>) {
  const { takenAt, nullProportion, distinctProportion, uniqueProportion, min, max, mean } = toColumnMoment(profile);
  return {
    takenAt,
    ...(nullProportion !== undefined && { nullProportion }),
    ...(distinctProportion !== undefined && { distinctProportion }),
    ...(uniqueProportion !== undefined && { uniqueProportion }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(mean !== undefined && { mean }),
  };
}
