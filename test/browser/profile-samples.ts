import type { CatalogueWorld } from './catalogue-world.ts';

const dayMs = 86_400_000;

export interface SampleProfiles {
  /** FQN of the table. */
  readonly fqn: string;
  /** Names of its profiled columns. */
  readonly columns: { readonly number: string; readonly text: string };
}

interface ColumnAnswer {
  readonly name: string;
  readonly dataType: string;
}

/**
 * Profiles of a table on as many days up to now, as a profiler writes them: rows grow, nulls get fewer, the newest one is of
 * a tenth of the rows.
 */
export async function putSampleProfiles(
  { target }: CatalogueWorld,
  fqn: string,
  columns: { readonly number: string; readonly text: string },
  days: number,
): Promise<void> {
  const { id } = await target<{ id: string; columns: ColumnAnswer[] }>(
    'GET',
    `tables/name/${encodeURIComponent(fqn)}?fields=columns`,
  );
  for (let day = days - 1; day >= 0; day -= 1) {
    const timestamp = Date.now() - day * dayMs - 3_600_000;
    const rowCount = 120_000 - day * 1500;
    const isNewest = day === 0;
    await target('PUT', `tables/${id}/tableProfile`, {
      tableProfile: {
        timestamp,
        ...(isNewest ? { profileSample: 10, profileSampleType: 'PERCENTAGE' } : {}),
        rowCount,
        columnCount: 6,
        sizeInByte: rowCount * 118,
        createDateTime: '2026-01-15T08:30:00Z',
      },
      columnProfile: [numberProfile(columns.number, timestamp, rowCount), textProfile(columns.text, timestamp, day)],
      systemProfile: [{ timestamp, operation: 'INSERT', rowsAffected: 1500 }],
    });
  }
}

function numberProfile(name: string, timestamp: number, valuesCount: number): object {
  const frequencies = [120, 900, 4200, 9800, 14_100, 9200, 4000, 1100, 200, 4];
  return {
    name,
    timestamp,
    valuesCount,
    nullCount: 0,
    nullProportion: 0,
    distinctCount: valuesCount,
    distinctProportion: 1,
    uniqueCount: valuesCount,
    uniqueProportion: 1,
    min: 1,
    max: 1000,
    mean: 512.25 + valuesCount / 1e4,
    median: 498,
    stddev: 144.337,
    sum: 61_470_000.5,
    firstQuartile: 402,
    thirdQuartile: 611.5,
    interQuartileRange: 209.5,
    nonParametricSkew: 0.0987,
    histogram: {
      boundaries: frequencies.map((_, place) =>
        place === 9 ? '900.00 and up' : `${place * 100}.00 to ${place * 100 + 100}.00`,
      ),
      frequencies,
    },
  };
}

/** Without proportions, as some profilers leave them out. */
function textProfile(name: string, timestamp: number, day: number): object {
  return {
    name,
    timestamp,
    valuesCount: 90_000,
    nullCount: 10_000 + day * 500,
    distinctCount: 45,
    uniqueCount: 3,
    minLength: 2,
    maxLength: 31,
    cardinalityDistribution: {
      categories: ['rye <b>loaf</b>', 'baguette', 'Others'],
      counts: [40_000, 30_000, 20_000],
      percentages: [44.4, 33.3, 22.2],
    },
  };
}
