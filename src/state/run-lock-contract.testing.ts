import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type LockHolder,
  type LockTable,
  RunLock,
  releaseHeldLocks,
  runStaleAfterMs,
  staleAfterMs,
} from './run-lock.ts';
import type { StoreUnderTest } from './state-store-contract.testing.ts';

const ours = async (table: LockTable): Promise<LockHolder> => (await table.read())!.holder;

/** What the lock of every state store must do. `silence` makes a holder look silent for so many milliseconds. */
export function describeRunLock(
  what: string,
  stores: () => StoreUnderTest,
  silence: (pipeline: string, ms: number) => Promise<void>,
): void {
  let pipelines = 0;
  const closers: (() => Promise<void>)[] = [];
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const tables = async (count: number): Promise<{ locks: LockTable[]; pipeline: string }> => {
    pipelines += 1;
    const pipeline = `locked pipeline ${pipelines}`;
    const opened = await Promise.all(Array.from({ length: count }, () => stores().open(pipeline)));
    closers.push(
      ...opened.map(
        ({ store }) =>
          () =>
            store.close(),
      ),
    );
    return { locks: opened.map(({ lock }) => lock), pipeline };
  };
  afterEach(async () => {
    await releaseHeldLocks();
    for (const close of closers.splice(0)) await close();
    warnings.length = 0;
  });

  describe(`the lock of a pipeline in ${what}`, () => {
    it('lets one run in, and tells a second one who holds it', async () => {
      const { locks } = await tables(2);
      const lock = await RunLock.take(locks[0]!, warn);
      const { since } = await ours(locks[1]!);
      await expect(RunLock.take(locks[1]!, warn)).rejects.toMatchObject({
        code: 'state.locked',
        exitCode: 2,
        message: `Another run of this pipeline is under way: on ${hostname()}, process ${process.pid}, since ${since}.`,
      });
      await lock.release();
      await (await RunLock.take(locks[1]!, warn)).release();
      expect(warnings).toEqual([]);
    });

    it('lets exactly one of many in that come at once', async () => {
      const { locks } = await tables(5);
      const outcomes = await Promise.allSettled(locks.map((table) => RunLock.take(table, warn)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('goes over to another after five silent minutes, with a warning, and the old holder ends', async () => {
      const { locks, pipeline } = await tables(3);
      const old = await RunLock.take(locks[0]!, warn, 20);
      await silence(pipeline, staleAfterMs - 20_000);
      // A sign of life comes in between, so the same silence counts anew.
      await expect.poll(async () => (await locks[1]!.read())!.silentMs).toBeLessThan(staleAfterMs / 2);
      await expect(RunLock.take(locks[1]!, warn)).rejects.toMatchObject({ code: 'state.locked' });

      const taken = await takeWhileSilent(locks[1]!, () => silence(pipeline, staleAfterMs + 1000));
      expect(warnings[0]).toContain(`process ${process.pid}`);
      await expect.poll(() => old.lost.aborted).toBe(true);
      expect(old.lost.reason).toMatchObject({ code: 'state.lock-lost', exitCode: 4 });
      // Whoever has lost it does not let others in by ending.
      await old.release();
      await expect(RunLock.take(locks[2]!, warn)).rejects.toMatchObject({ code: 'state.locked' });
      await taken.release();
    });

    /** The old holder goes on giving signs of life: tried until one take falls into a silence. */
    async function takeWhileSilent(table: LockTable, makeSilent: () => Promise<void>): Promise<RunLock> {
      while (true) {
        await makeSilent();
        try {
          return await RunLock.take(table, warn);
        } catch {
          await sleep(1);
        }
      }
    }

    it('is taken over at once from a process of this machine that has died', async () => {
      const { locks } = await tables(2);
      const dead = spawn(process.execPath, ['-e', '']);
      await once(dead, 'exit');
      await (await RunLock.take(locks[0]!, warn)).release();
      const holder = { ...(await holderOf(locks[0]!)), pid: dead.pid! };
      expect(await locks[0]!.take('token of the dead', holder, undefined)).toBe(true);
      const lock = await RunLock.take(locks[1]!, warn);
      expect(warnings).toEqual([
        `Took over the lock of a run that did not end properly: on ${hostname()}, process ${dead.pid}, since ${holder.since}.`,
      ]);
      await lock.release();
    });

    it('is not taken over at once from a process of another machine, or of another container of that name', async () => {
      const { locks } = await tables(2);
      const holder = await holderOf(locks[0]!);
      for (const elsewhere of [{ host: 'elsewhere' }, { machine: 'another space of process ids' }]) {
        expect(await locks[0]!.take('theirs', { ...holder, pid: 2 ** 22 + 1, ...elsewhere }, undefined)).toBe(true);
        await expect(RunLock.take(locks[1]!, warn)).rejects.toMatchObject({ code: 'state.locked' });
        await locks[0]!.release('theirs');
      }
    });

    describe('of a run in several processes', () => {
      it('is taken over at once from a run that is known to be over, and from no other', async () => {
        const { locks } = await tables(2);
        const plan = await RunLock.take(locks[0]!, warn, 20, 'run 7');
        await plan.handOver('run 7');
        const takenFrom = (over: string) =>
          RunLock.take(locks[1]!, warn, 20, 'run 8', (run, silentMs) => run === over && silentMs >= 0);
        await expect(takenFrom('run 6')).rejects.toMatchObject({ code: 'state.locked' });
        const lock = await takenFrom('run 7');
        expect(warnings).toEqual([expect.stringContaining('run 7, in several processes')]);
        await lock.release();
      });

      it('is held from the plan to the end, by no process of it in particular', async () => {
        const { locks } = await tables(4);
        const plan = await RunLock.take(locks[0]!, warn, 20, 'run 7');
        await plan.handOver('run 7');
        await expect(RunLock.take(locks[1]!, warn)).rejects.toMatchObject({
          code: 'state.locked',
          message: expect.stringContaining('run 7, in several processes'),
        });
        await expect(RunLock.join(locks[1]!, 'run 8', warn)).rejects.toMatchObject({ code: 'state.locked' });
        const [one, other] = [
          await RunLock.join(locks[2]!, 'run 7', warn),
          await RunLock.join(locks[3]!, 'run 7', warn),
        ];
        await one.release();
        await expect(RunLock.take(locks[1]!, warn)).rejects.toMatchObject({ code: 'state.locked' });
        await other.end();
        await (await RunLock.take(locks[1]!, warn)).release();
        expect(warnings).toEqual([]);
      });

      it('is not stale while a scheduler waits before it tries again, and is after half an hour of silence', async () => {
        const { locks, pipeline } = await tables(2);
        await (await RunLock.take(locks[0]!, warn, undefined, 'run 7')).handOver('run 7');
        await silence(pipeline, runStaleAfterMs - 60_000);
        await expect(RunLock.take(locks[1]!, warn)).rejects.toMatchObject({ code: 'state.locked' });
        const late = await RunLock.join(locks[0]!, 'run 7', warn);
        expect((await locks[1]!.read())!.silentMs).toBeLessThan(runStaleAfterMs / 2);
        await late.release();
        await silence(pipeline, runStaleAfterMs + 1000);
        await (await RunLock.take(locks[1]!, warn)).release();
        expect(warnings[0]).toContain('run 7, in several processes');
      });

      it('may be planned anew, and then the earlier plan has lost it', async () => {
        const { locks } = await tables(3);
        await (await RunLock.take(locks[0]!, warn, undefined, 'run 7')).handOver('run 7');
        const early = await RunLock.join(locks[1]!, 'run 7', warn, 20);
        const again = await RunLock.take(locks[2]!, warn, undefined, 'run 7');
        await expect.poll(() => early.lost.aborted).toBe(true);
        await again.release();
        expect(warnings).toEqual([]);
      });

      it('is taken for the time of a piece that is done again after the end', async () => {
        const { locks } = await tables(3);
        const [one, other] = [
          await RunLock.join(locks[0]!, 'run 7', warn),
          await RunLock.join(locks[1]!, 'run 7', warn, 20),
        ];
        await expect(RunLock.take(locks[2]!, warn)).rejects.toMatchObject({ code: 'state.locked' });
        const { token } = (await locks[2]!.read())!;
        await one.release();
        // The other one goes on, under a lock of its own.
        await expect.poll(async () => (await locks[2]!.read())?.token ?? token).not.toBe(token);
        expect(other.lost.aborted).toBe(false);
        await other.release();
        await (await RunLock.take(locks[2]!, warn)).release();
      });
    });

    it('is not mistaken for ours when an earlier process had our process id', async () => {
      const { locks } = await tables(2);
      expect(await locks[0]!.take('of before', await holderOf(locks[0]!), undefined)).toBe(true);
      await (await RunLock.take(locks[1]!, warn)).release();
      expect(warnings).toHaveLength(1);
    });

    async function holderOf(table: LockTable): Promise<LockHolder> {
      const lock = await RunLock.take(table, warn);
      const holder = await ours(table);
      await lock.release();
      return holder;
    }
  });
}
