import { describe, expect, it } from 'vitest';
import { RecordError } from '../errors.ts';
import { buildFqn, splitFqn } from './fqn.ts';

describe('fully qualified names', () => {
  it.each([
    [['hive', 'default', 'sales', 'orders'], 'hive.default.sales.orders'],
    [['hive', 'default', 'sales', 'a.b'], 'hive.default.sales."a.b"'],
    [['kafka', 'orders.v1'], 'kafka."orders.v1"'],
    [['s', 'with space', "it's", 'größe/50%'], "s.with space.it's.größe/50%"],
    [['.'], '"."'],
  ])('%j is %s, and back', (parts, fqn) => {
    expect(buildFqn(parts)).toBe(fqn);
    expect(splitFqn(fqn)).toEqual(parts);
  });

  it('takes parts that are quoted already for what they mean', () => {
    expect(buildFqn(['s', '"a.b"'])).toBe('s."a.b"');
    expect(buildFqn(['s', '"ab"'])).toBe('s.ab');
  });

  it.each([['a"b'], ['"a'], ['']])('refuses the part %j, which no FQN can hold', (part) => {
    expect(() => buildFqn(['s', part])).toThrow(RecordError);
  });

  it.each(['', 'a..b', 'a.', '.a', 'a"b.c"', '"ab".c', '"a.b', '"a.b"c'])('refuses to split %j', (fqn) => {
    expect(() => splitFqn(fqn)).toThrow(RecordError);
  });
});
