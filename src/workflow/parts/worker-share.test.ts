import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../state/sqlite/open-database.ts';
import { SqliteStateStore } from '../../state/sqlite/sqlite-state-store.ts';
import { WorkerShare } from './worker-share.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
function store(): SqliteStateStore {
  const opened = new SqliteStateStore(openDatabase(':memory:'));
  closers.push(() => opened.close());
  return opened;
}
async function join(state: SqliteStateStore, run = 'run 7', beatMs = 10): Promise<WorkerShare> {
  const share = await WorkerShare.join(state, run, beatMs);
  closers.push(() => share.close());
  return share;
}

describe('what processes of a run may ask for', () => {
  it('is everything for one that is alone, however many there could be', async () => {
    const share = await join(store());
    expect(share.of(8)).toBe(8);
    expect(share.processes).toBe(1);
  });

  it('is divided among those that work, without rest, and grows when one has ended', async () => {
    const state = store();
    const shares = [await join(state), await join(state), await join(state)];
    await expect.poll(() => shares.map((share) => share.of(8)).sort()).toEqual([2, 3, 3]);
    expect(shares.map((share) => share.of(1))).toEqual([1, 1, 1]);
    await shares[1]!.close();
    await expect.poll(() => [shares[0]!.of(8), shares[2]!.of(8)]).toEqual([4, 4]);
  });

  it('never adds up to more than one process may ask for, while another one comes', async () => {
    const state = store();
    const first = await join(state);
    const second = await join(state);
    // The first has not seen it yet, or has.
    expect(first.of(8) + second.of(8)).toBeLessThanOrEqual(9);
    await expect.poll(() => [first.of(8), second.of(8)]).toEqual([4, 4]);
  });

  it('is taken back from one that was killed', async () => {
    const state = store();
    const [share] = [await join(state)];
    await state.setMeta('parts.run%207/worker/killed', '41');
    await expect.poll(() => share.of(8)).toBe(4);
    await expect.poll(() => share.of(8)).toBe(8);
  });

  it('is apart for every run, and leaves nothing behind', async () => {
    const state = store();
    const [one, other] = [await join(state), await join(state, 'run 8')];
    expect([one.of(8), other.of(8)]).toEqual([8, 8]);
    await one.close();
    await other.close();
    const left = [];
    for await (const row of state.listMeta('')) left.push(row);
    expect(left).toEqual([]);
  });
});
