import { expect, test } from 'vitest';
import { histogramBoundaries, histogramEdges } from './histogram.ts';

test('bins have the width of Freedman and Diaconis', () => {
  // 2 × 50 ÷ ∛1000 = 10
  expect(histogramEdges(0, 95, 50, 1000)!.map((edge) => Math.round(edge))).toEqual([
    0, 10, 20, 30, 40, 50, 60, 70, 80, 90,
  ]);
});

test('more than a hundred bins become as many as Sturges says', () => {
  const edges = histogramEdges(0, 1_000_000, 50, 1000)!;
  expect(edges).toHaveLength(11);
  expect(edges[1]).toBeCloseTo(1_000_000 / 11, 6);
});

test('a quartile range of zero makes bins of one, and a single value one bin', () => {
  expect(histogramEdges(1, 4, 0, 10)).toEqual([1, 2, 3]);
  expect(histogramEdges(7, 7, 0, 10)).toEqual([7]);
});

test('what has no bounds has no histogram', () => {
  expect(histogramEdges(0, Number.POSITIVE_INFINITY, 1, 10)).toBeUndefined();
  expect(histogramEdges(-1.7e308, 1.7e308, 1, 10)).toBeUndefined();
  expect(histogramEdges(0, 1, 1, 0)).toBeUndefined();
});

test('edges that doubles cannot tell apart are one', () => {
  const edges = histogramEdges(2 ** 60, 2 ** 60 + 512, 0, 1000)!;
  expect(new Set(edges).size).toBe(edges.length);
});

test('boundaries are short texts, the last one open, and all of them different', () => {
  expect(histogramBoundaries([0, 1500, 3_000_000])).toEqual(['0 to 1.5K', '1.5K to 3M', '3M and up']);
  expect(histogramBoundaries([100_000, 100_001, 100_002])).toEqual([
    '100K to 100.001K',
    '100.001K to 100.002K',
    '100.002K and up',
  ]);
  expect(histogramBoundaries([1e-9, 1e20])).toEqual(['1.000e-9 to 1.000e+20', '1.000e+20 and up']);
});
