import { expect, test } from 'vitest';
import { columnProfile, numberOrText } from './column-profile.ts';
import type { MeasuredColumn } from './measured.ts';
import type { SqlColumn } from './sql-dialect.ts';
import { metricsOfClass } from './type-class.ts';

const column: SqlColumn = { name: 'n', type: 'int', baseType: 'int4', typeClass: 'number', comparable: true };

test.each([
  ['12.50', 12.5],
  ['-0', 0],
  ['0.000', 0],
  ['1e+30', 1e30],
  ['1000000000000000000000000000000', 1e30],
  ['9007199254740993', '9007199254740993'],
  ['0.1000000000000000055', '0.1000000000000000055'],
  ['NaN', 'NaN'],
  ['-Infinity', '-Infinity'],
  [`1${'0'.repeat(400)}`, `1${'0'.repeat(400)}`],
])('%s is a number only where JavaScript has exactly this one', (text, expected) => {
  expect(numberOrText(text)).toBe(expected);
});

/** A million values, a part of which was sampled. */
function sampled(distinct: number, once: number, bits: number): ReturnType<typeof columnProfile> {
  const measured: MeasuredColumn = {
    measures: new Map<never, unknown>([['values' as never, '1000000']]),
    frequency: { distinct, once, counting: { kind: 'sampled', bits } },
  };
  const context = { rows: 1_000_000, quartileError: undefined, distinctError: undefined, report: () => undefined };
  return columnProfile({ column, metrics: metricsOfClass.other }, measured, undefined, context);
}

test('what was sampled stands for all, with three standard errors', () => {
  const profile = sampled(10_000, 2500, 4);
  expect(profile).toMatchObject({ distinctCount: 160_000, uniqueCount: 40_000, duplicateCount: 840_000 });
  expect(profile.approximate?.distinctCount).toBeCloseTo(3 * Math.sqrt((1 - 1 / 16) / 10_000), 12);
  expect(profile.approximate?.uniqueCount).toBeCloseTo(3 * Math.sqrt((1 - 1 / 16) / 2500), 12);
  expect(profile.approximate?.valuesCount).toBeUndefined();
});

test('an estimate is never more than there are values', () => {
  const profile = sampled(63_000, 63_000, 4);
  expect(profile).toMatchObject({ distinctCount: 1_000_000, uniqueCount: 1_000_000, duplicateCount: 0 });
  expect(profile.distinctProportion).toBe(1);
});
