import { describe, expect, it } from 'vitest';
import { guardReason, objectingGuard, type RunFacts, sharePercent } from './deletion-guards.ts';

const good: RunFacts = { firstRun: false, failures: 0, read: 100, partial: new Set(), maxSharePercent: 20 };
const few = { kind: 'table', count: 5, previous: 100 };

describe('deletion guards', () => {
  it('let a small, well-read loss pass', () => expect(objectingGuard(good, few)).toBeUndefined());

  it.each([
    ['first-run', { ...good, firstRun: true }, few],
    ['failures', { ...good, failures: 1 }, few],
    ['empty-output', { ...good, read: 0 }, few],
    ['partial', { ...good, partial: new Set(['table']) }, few],
    ['partial', { ...good, partial: new Set(['table']) }, { ...few, kind: 'lineage' }],
    ['share', good, { ...few, count: 21 }],
    ['share', good, { ...few, previous: 0 }],
  ] as const)('%s objects', (guard, facts, candidates) => {
    expect(objectingGuard(facts, candidates)).toBe(guard);
    expect(guardReason(guard, facts, candidates)).toMatch(/^not deleted: /);
  });

  it('are asked in their order', () => {
    const bad = { ...good, firstRun: true, failures: 3, read: 0, partial: new Set(['table']) };
    expect(objectingGuard(bad, { ...few, count: 100 })).toBe('first-run');
    expect(objectingGuard({ ...bad, firstRun: false }, { ...few, count: 100 })).toBe('failures');
  });

  it('let exactly the share pass that is allowed, and not a table more', () => {
    expect(objectingGuard(good, { ...few, count: 20 })).toBeUndefined();
    expect(sharePercent({ count: 20, previous: 100 })).toBe(20);
    expect(objectingGuard({ ...good, maxSharePercent: 100 }, { ...few, count: 100 })).toBeUndefined();
  });

  it('leave what another kind was not read whole alone', () => {
    expect(objectingGuard({ ...good, partial: new Set(['topic']) }, few)).toBeUndefined();
  });
});
