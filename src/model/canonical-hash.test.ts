import { expect, it } from 'vitest';
import { canonicalHash } from './canonical-hash.ts';

it('is the same for the same content in any key order, at every depth', () => {
  const one = { b: [{ y: 1, x: null }], a: 'é', 10: true, 9: false, gone: undefined };
  const other = { 9: false, a: 'é', 10: true, b: [{ x: null, y: 1 }] };
  expect(canonicalHash(one)).toBe(canonicalHash(other));
  expect(canonicalHash(one)).toMatch(/^[0-9a-f]{32}$/);
});

it('tells different content apart', () => {
  const values = [
    null,
    undefined,
    '',
    'null',
    0,
    '0',
    false,
    [],
    {},
    [[]],
    [1, 2],
    [2, 1],
    { a: null },
    { a: [] },
    ['a'],
  ];
  expect(new Set(values.map(canonicalHash)).size).toBe(values.length);
});
