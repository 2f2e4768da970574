import { describe, expect, it } from 'vitest';
import { toColumnMoment, toTableMoment } from './profile-moments.ts';

const timestamp = 1_795_000_000_000;

describe('a profile of a table', () => {
  it('tells its sample only where not all rows were looked at', () => {
    const sampleOf = (held: object) => toTableMoment({ timestamp, ...held }).sample;
    // What servers keep of a profile of all rows differs: nothing, an empty size, or 100 percent.
    expect(sampleOf({ profileSampleType: 'PERCENTAGE' })).toBeUndefined();
    expect(sampleOf({ profileSample: null, profileSampleType: 'PERCENTAGE' })).toBeUndefined();
    expect(sampleOf({ profileSample: 100 })).toBeUndefined();
    expect(sampleOf({ profileSample: 12.5 })).toEqual({ size: 12.5, type: 'PERCENTAGE' });
    expect(sampleOf({ profileSample: 1000, profileSampleType: 'ROWS', samplingMethodType: 'SYSTEM' })).toEqual({
      size: 1000,
      type: 'ROWS',
      method: 'SYSTEM',
    });
  });

  it('is without what nobody can read as a moment', () => {
    expect(toTableMoment({ timestamp, createDateTime: 'long ago', rowCount: null })).toEqual({
      takenAt: timestamp,
      customMetrics: [],
    });
  });
});

describe('a profile of a column', () => {
  it('has proportions computed from counts where the profiler left them out, and its own ones otherwise', () => {
    const counts = { timestamp, valuesCount: 80, nullCount: 20, distinctCount: 40, uniqueCount: 8 };
    expect(toColumnMoment(counts)).toMatchObject({
      nullProportion: 0.2,
      distinctProportion: 0.5,
      uniqueProportion: 0.1,
    });
    expect(toColumnMoment({ ...counts, nullProportion: 0.25 }).nullProportion).toBe(0.25);
  });

  it('has no proportions of nothing', () => {
    const { nullProportion, distinctProportion } = toColumnMoment({
      timestamp,
      valuesCount: 0,
      nullCount: 0,
      distinctCount: 0,
    });
    expect([nullProportion, distinctProportion]).toEqual([undefined, undefined]);
  });

  it('has bars for a histogram, as far as both of its lists go', () => {
    const histogram = { boundaries: ['0.00 to 10.00', '10.00 and up', 'beyond'], frequencies: [3, 4] };
    expect(toColumnMoment({ timestamp, histogram }).histogram).toEqual([
      { label: '0.00 to 10.00', count: 3 },
      { label: '10.00 and up', count: 4 },
    ]);
    expect(toColumnMoment({ timestamp, histogram: { boundaries: [], frequencies: [] } }).histogram).toBeUndefined();
    expect(toColumnMoment({ timestamp, histogram: null }).histogram).toBeUndefined();
  });
});
