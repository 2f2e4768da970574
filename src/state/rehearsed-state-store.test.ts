import { describe, expect, it } from 'vitest';
import { RehearsedStateStore } from './rehearsed-state-store.ts';
import { openDatabase } from './sqlite/open-database.ts';
import { SqliteStateStore } from './sqlite/sqlite-state-store.ts';
import type { AssetState, EdgeEnd, StateStore } from './state-store.ts';

const kinds = ['table', 'topic'] as const;
const names = ['s', 's.a', 's.b', 's_2.a', 'r', 'r.x', 'é.z'] as const;
const keys = ['a', 'ab', 'b', 'ü'] as const;
const runs = ['run-0', 'run-1', 'run-2', 'run-3', 'run-4', 'run-5', 'run-6'] as const;

type Draw = <T>(from: readonly T[]) => T;

function draws(seed: number): Draw {
  let state = seed;
  return (from) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return from[(state >>> 8) % from.length]!;
  };
}

const memory = (): StateStore => new SqliteStateStore(openDatabase(':memory:'));

/** One change, drawn by lot, that can be made to any store. */
function change(draw: Draw, begun: string[]): (store: StateStore) => Promise<void> {
  const end = (): EdgeEnd => ({ entityType: draw(kinds), fqn: draw(names) });
  const [at, from, to] = [end(), end(), end()];
  const [key, id, run, number] = [draw(keys), draw(keys), begun.at(-1)!, draw([1, 2, 3])];
  const write = { runId: run, sequence: number, action: 'update', entityType: 'table', fqn: key } as const;
  return draw<() => (store: StateStore) => Promise<void>>([
    () => (store) => store.setMeta(key, id),
    () => (store) => store.setMeta(key, undefined),
    () => (store) => store.putAsset({ ...at, sourceId: id, sourceHash: key }),
    () => (store) => store.putAsset({ ...at, sourceId: id }),
    () => (store) => store.forgetAsset(at.entityType, at.fqn),
    () => (store) => store.forgetService([at.entityType], 's'),
    () => (store) => store.putEdge({ from, to, pairs: [key] }),
    () => (store) => store.putEdge({ from, to, pairs: [], created: true }),
    () => (store) => store.forgetEdge(from, to),
    () => (store) => store.forgetEdgesOf(at),
    () => (store) => store.putJournal(write),
    () => (store) => store.markUndone(run, `undone ${number}`),
    () => {
      const next = `run-${begun.length}`;
      begun.push(next);
      return (store) => store.startJournal(next, `at ${next}`, 3);
    },
  ])();
}

async function all<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const list = [];
  for await (const row of rows) list.push(row);
  return list;
}

/** Everything that a store says. */
async function said(store: StateStore): Promise<unknown> {
  const rowsOf = async (type?: AssetState['entityType']): Promise<unknown> => [
    await all(store.listAssets(type)),
    await store.countAssets(type),
  ];
  return {
    meta: [
      await all(store.listMeta('')),
      await all(store.listMeta('a')),
      await Promise.all(keys.map((k) => store.getMeta(k))),
    ],
    assets: [await rowsOf(), ...(await Promise.all(kinds.map(rowsOf)))],
    one: await Promise.all(kinds.flatMap((kind) => names.map((fqn) => store.getAsset(kind, fqn)))),
    bySource: await Promise.all(keys.map((id) => store.findBySource(id))),
    edges: [
      await all(store.listEdges()),
      await store.countEdges(),
      await all(store.listEdges({ entityType: 'table', fqn: 's.a' })),
    ],
    edge: await store.getEdge({ entityType: 'table', fqn: 's' }, { entityType: 'table', fqn: 's.a' }),
    journal: [await store.listJournalRuns(), await Promise.all(runs.map((run) => all(store.listJournal(run))))],
  };
}

describe('a rehearsal', () => {
  it.each(Array.from({ length: 25 }, (_, i) => i + 1))(
    'shows what the writes would leave, and writes nothing (seed %i)',
    async (seed) => {
      const draw = draws(seed);
      const begun = ['run-0'];
      const [beneath, real] = [memory(), memory()];
      for (const store of [beneath, real]) await store.startJournal('run-0', 'at run-0', 3);
      for (let i = 0; i < 40; i += 1) {
        const step = change(draw, begun);
        await step(beneath);
        await step(real);
      }
      const before = await said(beneath);
      expect(await said(real)).toEqual(before);
      const rehearsal = new RehearsedStateStore(beneath, memory());
      for (let i = 0; i < 30; i += 1) {
        const step = change(draw, begun);
        await step(rehearsal);
        await step(real);
        expect(await said(rehearsal), `after ${i + 1} changes`).toEqual(await said(real));
      }
      expect(await said(beneath)).toEqual(before);
      await rehearsal.clear();
      await real.clear();
      expect(await said(rehearsal)).toEqual(await said(real));
      expect(await said(beneath)).toEqual(before);
    },
  );
});
