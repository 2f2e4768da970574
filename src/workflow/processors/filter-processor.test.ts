import { describe, expect, it } from 'vitest';
import { type FilterPatterns, FilterProcessor, type FilterSettings } from './filter-processor.ts';
import { Filtered } from './processor.ts';
import { lineage, table } from './sample-records.testing.ts';

function filter(patterns: FilterPatterns | readonly FilterPatterns[], settings: Partial<FilterSettings> = {}) {
  const list = Array.isArray(patterns) ? patterns : [patterns as FilterPatterns];
  const processor = new FilterProcessor({
    patterns: list,
    useFqnForFiltering: false,
    includeTables: true,
    includeViews: true,
    ...settings,
  });
  return (record: Parameters<FilterProcessor['process']>[0]): string | undefined => {
    const outcome = processor.process(record);
    return outcome instanceof Filtered ? outcome.reason : undefined;
  };
}

const named = (name: string) => table({ path: ['hive_prod', 'default', 'sales', name] });

describe('the filters of a recipe', () => {
  it('match from the start of a name, in any case, and not necessarily to its end', () => {
    const rejects = filter({ tableFilterPattern: { includes: ['ORD'] } });
    expect(rejects(named('orders'))).toBeUndefined();
    expect(rejects(named('back_orders'))).toBe('table not among the includes');
  });

  it('let an exclude win over an include', () => {
    const rejects = filter({ tableFilterPattern: { includes: ['orders'], excludes: ['.*_bak$'] } });
    expect(rejects(named('orders_bak'))).toBe('table excluded by ".*_bak$"');
    expect(rejects(named('orders_bakery'))).toBeUndefined();
  });

  it('keep out what lies inside an excluded schema or database', () => {
    expect(filter({ schemaFilterPattern: { excludes: ['sales'] } })(named('orders'))).toMatch(/^schema/);
    expect(filter({ databaseFilterPattern: { excludes: ['default'] } })(named('orders'))).toMatch(/^database/);
    const database = { ...table(), kind: 'database', path: ['hive_prod', 'default'] } as const;
    expect(filter({ schemaFilterPattern: { excludes: ['.*'] } })(database)).toBeUndefined();
  });

  it('match the whole FQN with useFqnForFiltering, quoted as OpenMetadata quotes it', () => {
    const useFqnForFiltering = true;
    const rejects = filter(
      { tableFilterPattern: { includes: ['hive_prod\\.default\\.sales\\."a\\.b"$'] } },
      { useFqnForFiltering },
    );
    expect(rejects(named('a.b'))).toBeUndefined();
    expect(rejects(named('ab'))).toBeDefined();
    expect(rejects(named('say "hi"'))).toBeDefined();
  });

  it('ask both the pipeline’s and the connection’s patterns', () => {
    const rejects = filter([
      { tableFilterPattern: { includes: ['o'] } },
      { tableFilterPattern: { excludes: ['old'] } },
    ]);
    expect(rejects(named('orders'))).toBeUndefined();
    expect(rejects(named('old_orders'))).toBeDefined();
    expect(rejects(named('customers'))).toBeDefined();
  });

  it('leave out lineage that starts or ends in what is kept out', () => {
    const rejects = filter({ schemaFilterPattern: { excludes: ['tmp'] } });
    const orders = ['hive_prod', 'default', 'sales', 'orders'];
    const scratch = ['hive_prod', 'default', 'tmp', 'orders'];
    expect(rejects(lineage(orders, orders))).toBeUndefined();
    expect(rejects(lineage(scratch, orders))).toBeDefined();
    expect(rejects(lineage(orders, scratch))).toBeDefined();
  });

  it('leave out views or tables by their kind', () => {
    const view = table({ tableType: 'View' });
    const materialized = table({ tableType: 'MaterializedView' });
    const noViews = filter({}, { includeViews: false });
    expect([noViews(view), noViews(materialized), noViews(table())]).toEqual([
      expect.any(String),
      expect.any(String),
      undefined,
    ]);
    const noTables = filter({}, { includeTables: false });
    expect([noTables(view), noTables(table({ tableType: 'External' }))]).toEqual([undefined, expect.any(String)]);
  });

  it.each([
    ['(?i)orders', 'Orders'],
    ['(?P<stem>or)de', 'orders'],
    ['(?P<a>o)rder.(?P=a)', 'orderso'],
    ['\\Aorders\\Z', 'orders'],
    ['a|orders$', 'orders'],
  ])('understand Python’s spelling %s', (expression, name) => {
    expect(filter({ tableFilterPattern: { includes: [expression] } })(named(name))).toBeUndefined();
    expect(filter({ tableFilterPattern: { includes: [expression] } })(named('xorders'))).toBeDefined();
  });

  it('say which pattern is no regular expression', () => {
    expect(() => filter({ schemaFilterPattern: { includes: ['*'] } })).toThrow(
      expect.objectContaining({ code: 'filter.bad-pattern', exitCode: 2, message: expect.stringContaining('"*"') }),
    );
  });
});
