import { afterEach, describe, expect, it } from 'vitest';
import type { OpenedState } from './open-state.ts';
import type { AssetState, EdgeEnd, EdgeState, JournalEntry, StateStore } from './state-store.ts';

/** A place where one kind of store keeps pipelines. */
export interface StoreUnderTest {
  open(pipeline: string, use?: 'keep' | 'rehearse'): Promise<OpenedState>;
}

const table = (fqn: string, more: Partial<AssetState> = {}): AssetState => ({
  entityType: 'table',
  fqn,
  sourceId: `id of ${fqn}`,
  ...more,
});
const end = (fqn: string, entityType: EdgeEnd['entityType'] = 'table'): EdgeEnd => ({ entityType, fqn });
const edge = (from: EdgeEnd, to: EdgeEnd, more: Partial<EdgeState> = {}): EdgeState => ({
  from,
  to,
  pairs: [],
  ...more,
});
const write = (runId: string, sequence: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
  runId,
  sequence,
  action: 'update',
  entityType: 'table',
  fqn: `s.d.c.t${sequence}`,
  ...more,
});

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list = [];
  for await (const row of rows) list.push(row);
  return list;
}

const names = async (store: StateStore, type?: AssetState['entityType']): Promise<string[]> =>
  (await all(store.listAssets(type))).map(({ fqn }) => fqn);
const ends = async (store: StateStore, into?: EdgeEnd): Promise<string[]> =>
  (await all(store.listEdges(into))).map(({ from, to }) => `${from.fqn} → ${to.fqn}`);

/** Whole row of every key that a row may have. */
export const wholeAsset: Required<AssetState> = {
  entityType: 'table',
  fqn: 's.d.c."a.b"',
  sourceId: 'guid-1',
  sourceType: 'hive_table',
  path: ['s', 'd', 'c', 'a.b'],
  targetId: 'target-1',
  targetVersion: 0.3,
  sourceHash: 'abc',
  applied: { texts: { description: 'h1' }, labels: { '': ['Atlas.PII'] }, owner: 'user:u-1' },
  pending: { texts: { description: 'h1 h2' }, labels: {} },
  kept: [{ field: 'description', action: 'keep', reason: 'a person changed it', to: 'a text' }],
  deletedByUs: true,
  undone: 'run-1',
  dropped: { email: { description: 'kept, “quoted”\n\u0000', tags: [] } },
};

/** What every state store must do; `what` is a name for people. */
export function describeStateStore(what: string, stores: () => StoreUnderTest): void {
  let pipelines = 0;
  const opened: StateStore[] = [];
  const open = async (pipeline: string, use?: 'keep' | 'rehearse'): Promise<OpenedState> => {
    const state = await stores().open(pipeline, use);
    opened.push(state.store);
    return state;
  };
  const fresh = async (): Promise<{ store: StateStore; pipeline: string }> => {
    pipelines += 1;
    const pipeline = `pipeline ${pipelines}`;
    return { store: (await open(pipeline)).store, pipeline };
  };
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  describe(`the state store in ${what}`, () => {
    it('remembers choices by key, and lists those that begin alike', async () => {
      const { store } = await fresh();
      for (const key of ['source.b', 'source.a', 'source', 'source_x', 'sourcE.', 'other'])
        await store.setMeta(key, key);
      await store.setMeta('source.b', 'anew');
      await store.setMeta('other', undefined);
      expect(await store.getMeta('source.b')).toBe('anew');
      expect(await store.getMeta('other')).toBeUndefined();
      expect(await all(store.listMeta('source.'))).toEqual([
        ['source.a', 'source.a'],
        ['source.b', 'anew'],
      ]);
      expect((await all(store.listMeta('source'))).map(([key]) => key)).toEqual([
        'source',
        'source.a',
        'source.b',
        'source_x',
      ]);
      expect(await all(store.listMeta(''))).toHaveLength(5);
      await store.forgetMeta('source.');
      expect((await all(store.listMeta(''))).map(([key]) => key)).toEqual(['sourcE.', 'source', 'source_x']);
    });

    it('gives an asset back as it was put, and whole rows replace each other', async () => {
      const { store, pipeline } = await fresh();
      await store.putAsset(wholeAsset);
      const again = (await open(pipeline)).store;
      expect(await again.getAsset('table', wholeAsset.fqn)).toEqual(wholeAsset);
      await again.putAsset(table(wholeAsset.fqn));
      expect(await store.getAsset('table', wholeAsset.fqn)).toEqual(table(wholeAsset.fqn));
      await store.forgetAsset('table', wholeAsset.fqn);
      expect(await again.getAsset('table', wholeAsset.fqn)).toBeUndefined();
      expect(await again.countAssets()).toBe(0);
    });

    it('keeps kinds apart that share a name', async () => {
      const { store } = await fresh();
      await store.putAsset({ entityType: 'topic', fqn: 'a.b', sourceId: '1' });
      await store.putAsset({ entityType: 'database', fqn: 'a.b', sourceId: '2' });
      expect((await store.getAsset('topic', 'a.b'))?.sourceId).toBe('1');
      expect(await store.countAssets('topic')).toBe(1);
      expect(await store.countAssets()).toBe(2);
      await store.forgetAsset('topic', 'a.b');
      expect((await store.getAsset('database', 'a.b'))?.sourceId).toBe('2');
    });

    it('lists in byte order, kind by kind, however many there are and while rows go', async () => {
      const { store } = await fresh();
      const wanted = Array.from({ length: 1203 }, (_, i) => `s.${String(i).padStart(5, '0')}`);
      const odd = ['s.Z', 's._', 's.a%', 's.ä', 's.é', 's.日本'];
      await Promise.all([...wanted, ...odd].reverse().map((fqn) => store.putAsset(table(fqn))));
      await store.putAsset({ entityType: 'database', fqn: 'z', sourceId: 'z' });
      expect(await names(store)).toEqual(['z', ...wanted, ...odd]);
      const met = [];
      for await (const { fqn } of store.listAssets('table')) {
        met.push(fqn);
        await store.forgetAsset('table', fqn);
      }
      expect(met).toEqual([...wanted, ...odd]);
      expect(await names(store)).toEqual(['z']);
    });

    it('finds all that came from one entity of the source', async () => {
      const { store } = await fresh();
      await store.putAsset(table('s.new', { sourceId: 'guid' }));
      await store.putAsset(table('s.old', { sourceId: 'guid' }));
      await store.putAsset(table('s.other', { sourceId: 'guid2' }));
      expect((await store.findBySource('guid')).map(({ fqn }) => fqn)).toEqual(['s.new', 's.old']);
      await store.putAsset(table('s.old', { sourceId: 'guid3' }));
      expect((await store.findBySource('guid')).map(({ fqn }) => fqn)).toEqual(['s.new']);
      expect(await store.findBySource('nobody')).toEqual([]);
    });

    it('holds any name: very long, in any script, with quotes and wildcards', async () => {
      const { store } = await fresh();
      // Long and not compressible, alike in the beginning.
      const random = (seed: number): string =>
        Array.from({ length: 4000 }, (_, i) =>
          String.fromCodePoint(0x4e00 + ((i * i * 7919 + seed * i * 31) % 20_000)),
        ).join('');
      const long = [1, 2, 3].map((seed) => `s.${'x'.repeat(300)}${random(seed)}`).sort();
      const strange = ['s."a.b"', "s.o'hara", 's.100%_\\', 's.\u{1f600}', 's.a\nb'];
      for (const fqn of [...long, ...strange]) {
        await store.putAsset(table(fqn, { sourceId: fqn }));
        await store.putEdge(edge(end(fqn), end(`to ${fqn}`)));
        await store.setMeta(fqn, fqn);
        expect((await store.getAsset('table', fqn))?.fqn).toBe(fqn);
        expect((await store.findBySource(fqn)).map((row) => row.fqn)).toEqual([fqn]);
        expect(await ends(store, end(`to ${fqn}`))).toEqual([`${fqn} → to ${fqn}`]);
        expect(await store.getMeta(fqn)).toBe(fqn);
      }
      expect(new Set(await names(store))).toEqual(new Set([...long, ...strange]));
      expect((await names(store)).filter((name) => long.includes(name))).toEqual(long);
      await store.putAsset(table('s.with\u0000zero'));
      expect((await store.getAsset('table', 's.with\u0000zero'))?.sourceId).toBeDefined();
    });

    it('forgets one service’s entities of the kinds that are named, and their edges', async () => {
      const { store } = await fresh();
      for (const fqn of ['hive', 'hive.a.b', 'hive_2.a', 'hive-2.a', 'hiv']) await store.putAsset(table(fqn));
      await store.putAsset({ entityType: 'topic', fqn: 'hive.topic', sourceId: 't' });
      await store.putEdge(edge(end('hive.a.b'), end('hive_2.a')));
      await store.putEdge(edge(end('hive_2.a'), end('hive.a.b')));
      await store.putEdge(edge(end('hive.topic', 'topic'), end('hive_2.a')));
      await store.forgetService(['table', 'databaseSchema'], 'hive');
      expect(await names(store)).toEqual(['hiv', 'hive-2.a', 'hive_2.a', 'hive.topic']);
      expect(await ends(store)).toEqual(['hive.topic → hive_2.a']);
    });

    it('remembers edges by the kinds and names of both ends', async () => {
      const { store } = await fresh();
      const whole: Required<EdgeState> = {
        ...{ from: end('a'), to: end('b') },
        ...{ sourceHash: 'h', sourceId: 'process', pairs: ['x', 'y'], created: true, undone: 'run-1' },
      };
      await store.putEdge(whole);
      await store.putEdge(edge(end('a', 'topic'), end('b')));
      await store.putEdge(edge(end('b'), end('c')));
      expect(await store.getEdge(end('a'), end('b'))).toEqual(whole);
      expect(await store.countEdges()).toBe(3);
      expect(await ends(store, end('b'))).toEqual(['a → b', 'a → b']);
      await store.putEdge(edge(end('a'), end('b'), { pairs: ['z'] }));
      expect(await store.getEdge(end('a'), end('b'))).toEqual(edge(end('a'), end('b'), { pairs: ['z'] }));
      await store.forgetEdge(end('a'), end('b'));
      expect(await ends(store)).toEqual(['a → b', 'b → c']);
      await store.forgetEdgesOf(end('b'));
      expect(await ends(store)).toEqual([]);
    });

    it('lists edges page by page, by the end that they lead to', async () => {
      const { store } = await fresh();
      const numbers = Array.from({ length: 620 }, (_, i) => String(i).padStart(4, '0'));
      await Promise.all(numbers.map((n) => store.putEdge(edge(end(`f${n}`), end('to')))));
      await Promise.all(numbers.map((n) => store.putEdge(edge(end('from'), end(`t${n}`)))));
      expect(await ends(store, end('to'))).toEqual(numbers.map((n) => `f${n} → to`));
      const listed = await ends(store);
      expect(listed).toHaveLength(1240);
      expect(listed.slice(0, 2)).toEqual(['from → t0000', 'from → t0001']);
    });

    it('keeps the writes of the newest runs, the last one first', async () => {
      const { store } = await fresh();
      await store.startJournal('run-1', '2026-01-01T00:00:00Z', 2);
      const count = 510;
      for (let n = 0; n < count; n += 1) await store.putJournal(write('run-1', n));
      const more = { targetId: 't', versionAfter: 0.2, before: { a: [1] }, after: 'b' };
      const whole: Required<JournalEntry> = { ...write('run-1', 7), ...more };
      await store.putJournal(whole);
      const entries = await all(store.listJournal('run-1'));
      expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: count }, (_, i) => count - 1 - i));
      expect(entries[count - 1 - 7]).toEqual(whole);
      await store.startJournal('run-2', '2026-01-02T00:00:00Z', 2);
      await store.markUndone('run-1', '2026-01-02T12:00:00Z');
      expect(await store.listJournalRuns()).toEqual([
        { runId: 'run-2', startedAt: '2026-01-02T00:00:00Z', writes: 0 },
        { runId: 'run-1', startedAt: '2026-01-01T00:00:00Z', writes: count, undoneAt: '2026-01-02T12:00:00Z' },
      ]);
      await store.startJournal('run-3', '2026-01-03T00:00:00Z', 2);
      expect((await store.listJournalRuns()).map(({ runId }) => runId)).toEqual(['run-3', 'run-2']);
      expect(await all(store.listJournal('run-1'))).toEqual([]);
    });

    it('forgets everything on request, of one pipeline only', async () => {
      const { store } = await fresh();
      const other = (await fresh()).store;
      for (const each of [store, other]) {
        await each.putAsset(table('s.t'));
        await each.putEdge(edge(end('a'), end('b')));
        await each.setMeta('k', 'v');
        await each.startJournal('run-1', '2026-01-01T00:00:00Z', 5);
        await each.putJournal(write('run-1', 1));
      }
      await store.clear();
      expect(await names(store)).toEqual([]);
      expect(await ends(store)).toEqual([]);
      expect(await store.getMeta('k')).toBeUndefined();
      expect(await store.listJournalRuns()).toEqual([]);
      expect(await all(store.listJournal('run-1'))).toEqual([]);
      expect(await names(other)).toEqual(['s.t']);
      expect(await other.listJournalRuns()).toHaveLength(1);
    });

    it('takes back what a rehearsal has written', async () => {
      const { store, pipeline } = await fresh();
      await store.putAsset(table('s.there'));
      const rehearsal = await open(pipeline, 'rehearse');
      expect(rehearsal.existed).toBe(true);
      await rehearsal.store.putAsset(table('s.new'));
      await rehearsal.store.forgetAsset('table', 's.there');
      await rehearsal.store.setMeta('k', 'v');
      await Promise.all([rehearsal.store.setMeta('k2', 'v'), rehearsal.store.putAsset(table('s.also'))]);
      expect(await names(rehearsal.store)).toEqual(['s.also', 's.new']);
      await rehearsal.store.close();
      expect(await names(store)).toEqual(['s.there']);
      expect(await store.getMeta('k')).toBeUndefined();
    });

    it('lets a rehearsal and a run write the same rows at the same time', async () => {
      const { store, pipeline } = await fresh();
      await store.putAsset(table('s.t'));
      const rehearsal = (await open(pipeline, 'rehearse')).store;
      await rehearsal.setMeta('k', 'plan');
      await rehearsal.putAsset(table('s.t', { sourceHash: 'plan' }));
      await store.setMeta('k', 'run');
      await store.putAsset(table('s.t', { sourceHash: 'run' }));
      await rehearsal.setMeta('k2', 'plan');
      expect((await rehearsal.getAsset('table', 's.t'))?.sourceHash).toBe('plan');
      await rehearsal.close();
      expect((await store.getAsset('table', 's.t'))?.sourceHash).toBe('run');
      expect(await store.getMeta('k')).toBe('run');
    });

    it('leaves nothing behind of a rehearsal where nothing was', async () => {
      const rehearsal = await open('never seen', 'rehearse');
      expect(rehearsal.existed).toBe(false);
      await rehearsal.store.setMeta('k', 'v');
      await rehearsal.store.putAsset(table('s.t'));
      expect(await names(rehearsal.store)).toEqual(['s.t']);
      await rehearsal.store.close();
      expect((await open('never seen', 'rehearse')).existed).toBe(false);
    });

    it('serves several workers of a pipeline at once', async () => {
      pipelines += 1;
      const pipeline = `pipeline ${pipelines}`;
      // First runs at the same time make the store at the same time.
      const workers = await Promise.all(Array.from({ length: 4 }, () => open(pipeline)));
      const stores = workers.map(({ store }) => store);
      await Promise.all(
        stores.flatMap((store, w) =>
          Array.from({ length: 50 }, async (_, i) => {
            await store.putAsset(table(`s.${w}.${i}`));
            await store.putAsset(table('s.shared', { sourceHash: `${w}.${i}`, sourceId: `${w}.${i}` }));
            await store.putJournal(write(`run-${w}`, i));
          }),
        ),
      );
      expect(await stores[0]!.countAssets()).toBe(201);
      const shared = await stores[1]!.getAsset('table', 's.shared');
      expect(shared?.sourceHash).toBe(shared?.sourceId);
      expect(await all(stores[2]!.listJournal('run-3'))).toHaveLength(50);
    });
  });
}
