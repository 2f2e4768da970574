import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../state/sqlite/open-database.ts';
import { SqliteStateStore } from '../../state/sqlite/sqlite-state-store.ts';
import { RunPages } from './run-pages.ts';

let state: SqliteStateStore;
beforeEach(() => {
  state = new SqliteStateStore(openDatabase(':memory:'));
});
afterEach(() => state.close());

async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const values = [];
  for await (const page of pages) values.push(...page);
  return values;
}

describe('lists that processes of a run leave for each other', () => {
  it('are read as they were written, page by page, and are small', async () => {
    const values = Array.from({ length: 9000 }, (_, i) => ({ name: `straße “${i}”`, path: ['a.b', '\u0000', '日本'] }));
    const pages = new RunPages(state, 'run 7/..%');
    const count = await pages.write('list', values);
    expect(count).toBeGreaterThan(2);
    expect(await all(pages.read('list', count))).toEqual(values);
    expect(await pages.write('none', [])).toBe(0);
    expect(await all(pages.read('none', 0))).toEqual([]);
    let size = 0;
    for await (const [, text] of state.listMeta('parts.')) size += text.length;
    expect(size).toBeLessThan(JSON.stringify(values).length / 5);
  });

  it('are a run’s own, and whoever comes too late is told', async () => {
    const [one, other] = [new RunPages(state, 'run'), new RunPages(state, 'run.2')];
    await one.write('list', [1]);
    await other.write('list', [2]);
    await one.forget();
    await expect(all(one.read('list', 1))).rejects.toMatchObject({ code: 'run.plan-gone', exitCode: 2 });
    expect(await all(other.read('list', 1))).toEqual([2]);
    await state.setMeta('other', 'stays');
    await RunPages.forgetAll(state);
    expect(await other.find('list')).toBeUndefined();
    expect(await state.getMeta('other')).toBe('stays');
  });
});
