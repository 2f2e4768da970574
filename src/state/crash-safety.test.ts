import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowOf } from './crash-writer.testing.ts';
import { openState, type StatePlace } from './open-state.ts';
import { type PostgresServer, startPostgres } from './postgres/postgres-server.testing.ts';

const identity = { targetHost: 'host:1', sourceType: 'Atlas', serviceName: 'crash' };
let folder: string;
let server: PostgresServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-crash-'));
  server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const places: Readonly<Record<string, () => StatePlace>> = {
  SQLite: () => ({
    settings: { stateType: 'sqlite', stateConnection: undefined, statePath: join(folder, 'state.db') },
    identity,
    env: {},
  }),
  PostgreSQL: () => ({
    settings: { stateType: 'postgres', stateConnection: server.address('postgres'), statePath: undefined },
    identity,
    env: {},
  }),
};

/** Lets a process write, kills it once so many rows were confirmed, and returns the last confirmed write of each key. */
async function writeUntil(place: StatePlace, confirmed: number): Promise<Map<number, number>> {
  const writer = join(import.meta.dirname, 'crash-writer.testing.ts');
  const child = spawn(process.execPath, [writer, JSON.stringify(place)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const last = new Map<number, number>();
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [key, write] = line.split(' ').map(Number);
    // The last line may be cut off.
    if (write !== undefined && Number.isInteger(write)) last.set(key!, Math.max(write, last.get(key!) ?? 0));
    told += 1;
    if (told === confirmed) child.kill('SIGKILL');
  }
  const [, signal] = (await ended) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return last;
}

describe.each(['SQLite', 'PostgreSQL'])('a process that is killed while it writes to %s', (kind) => {
  it('loses nothing that was confirmed, and leaves whole rows only', async () => {
    const place = places[kind]!();
    for (const confirmed of [1, 33, 150, 777]) {
      const last = await writeUntil(place, confirmed);
      const { store } = await openState(place, 'keep');
      let rows = 0;
      for await (const row of store.listAssets()) {
        rows += 1;
        const key = Number(/\d+$/.exec(row.fqn)![0]);
        expect(row).toEqual(rowOf(key, Number(row.sourceId)));
      }
      for (const [key, write] of last) {
        const row = await store.getAsset('table', rowOf(key, write).fqn);
        expect(Number(row?.sourceId), `after ${confirmed} confirmed rows`).toBeGreaterThanOrEqual(write);
      }
      expect(rows).toBeGreaterThanOrEqual(last.size);
      // The next writer begins with its first write again.
      await store.clear();
      await store.close();
    }
  });
});
