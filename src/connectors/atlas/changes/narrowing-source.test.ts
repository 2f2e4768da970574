import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type AtlasStandIn, type AtlasStandInOptions, startAtlas } from '../../../../sandbox/atlas/start-atlas.ts';
import { isAsset, type SourceRecord } from '../../../model/records.ts';
import type { ReadScope, ScopeOutcome, SourceIssue, SourceMemory } from '../../source.ts';
import { AtlasClient } from '../atlas-client.ts';
import { AtlasSource, type AtlasSourceOptions } from '../atlas-source.ts';
import { NarrowingSource } from './narrowing-source.ts';

const recordings = join(import.meta.dirname, '../../../../../shared/atlas');
const haveRecordings = existsSync(join(recordings, 'recorded', 'index.json'));
/** Atlas' clock just before the recorded changes (CHANGES.md). */
const before = 1_795_479_251_716;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: AtlasStandInOptions): Promise<AtlasStandIn> {
  const atlas = await startAtlas(options);
  closing.push(() => atlas.close());
  return atlas;
}

interface Notes extends SourceMemory {
  /** As a run without failures does. */
  succeed(): void;
}

function notes(): Notes {
  const kept = new Map<string, string>();
  const later = new Map<string, string | undefined>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    setAfterSuccess: (key, value) => void later.set(key, value),
    succeed() {
      for (const [key, value] of later) {
        if (value === undefined) kept.delete(key);
        else kept.set(key, value);
      }
    },
  };
}

interface Reading {
  readonly records: readonly SourceRecord[];
  readonly outcome: ScopeOutcome | undefined;
  readonly requests: number;
  readonly issues: readonly SourceIssue[];
}

async function read(
  atlas: AtlasStandIn,
  memory: Notes,
  scope?: ReadScope,
  more: Partial<AtlasSourceOptions> = {},
): Promise<Reading> {
  const client = new AtlasClient({ hostPort: atlas.url, username: 'admin', password: 'admin' });
  const source = new NarrowingSource(client, {
    glossaries: true,
    map: (reader, remembered) =>
      new AtlasSource({
        reader,
        databaseServiceName: ['hive'],
        messagingServiceName: [],
        entityType: 'hive_table',
        mode: 'create',
        serviceName: 'local_atlas',
        clusters: {},
        glossaries: remembered ?? true,
        targetNames: { databases: async () => undefined },
        ...more,
      }),
  });
  const { signal } = new AbortController();
  const records: SourceRecord[] = [];
  const issues: SourceIssue[] = [];
  try {
    const outcome = scope && (await source.narrow(scope, memory, signal));
    const context = { signal, memory, report: (issue: SourceIssue) => issues.push(issue), progress: () => {} };
    for await (const record of source.records(context)) records.push(record);
    return { records, outcome, requests: source.requestCount(), issues };
  } finally {
    await source.close();
  }
}

/** A full run, remembered. */
async function readWhole(atlas: AtlasStandIn, memory: Notes, more: Partial<AtlasSourceOptions> = {}): Promise<Reading> {
  const reading = await read(atlas, memory, undefined, more);
  memory.succeed();
  return reading;
}

const everything = { entityType: 'Referenceable', messagingServiceName: ['kafka'], pipelines: true };

const named = (record: SourceRecord): string => {
  if (record.kind === 'lineage') return `${record.from.path.join('.')} → ${record.to.path.join('.')}`;
  if (record.kind === 'gone') return `gone ${record.provenance.qualifiedName}`;
  return `${record.kind} ${record.path.join('.')}`;
};
/** A folder that no entity stands for may have one that was not read: then it is a shell, and else the same. */
function content(record: SourceRecord): SourceRecord {
  if (record.kind !== 'container' || record.provenance.typeName !== 'folder') return record;
  const { incomplete, ...rest } = record;
  expect(incomplete).toBe(true);
  return rest;
}
const byName = (records: readonly SourceRecord[]): Map<string, SourceRecord> =>
  new Map(records.map((record) => [named(record), record]));
const assets = new Set(['database', 'databaseSchema', 'table', 'lineage', 'gone']);
const told = ({ records }: Reading): string[] =>
  records
    .filter(({ kind }) => assets.has(kind) && kind !== 'database')
    .map(named)
    .sort();

describe.skipIf(!haveRecordings)('a real Atlas’ answers (skipped without ../shared)', () => {
  const folder = (name: string): AtlasStandInOptions => ({ dataDir: join(recordings, name) });

  it.each([
    ['Hive alone', {}],
    ['every family, with pipelines', everything],
  ])('tells the same of everything, read whole or as changes since the beginning of time: %s', async (_what, more) => {
    const atlas = await start(folder('recorded-after-changes'));
    const memory = notes();
    const whole = byName((await readWhole(atlas, memory, more)).records);
    const reading = await read(atlas, memory, { kind: 'changedSince', since: 0 }, more);
    expect(reading.outcome).toEqual({ kept: true });
    const changed = byName(reading.records.filter(({ kind }) => kind !== 'gone'));
    expect([...changed.keys()].sort()).toEqual([...whole.keys()].sort());
    for (const [name, record] of changed) expect(content(record), name).toEqual(whole.get(name));
  });

  it('tells each asset by itself as it is told among all, with all lineage into it', async () => {
    const atlas = await start(folder('recorded-after-changes'));
    const memory = notes();
    const whole = byName((await readWhole(atlas, memory, everything)).records);
    const alone = [...whole.values()].filter(isAsset).filter(({ provenance }) => /^[\da-f-]{36}$/.test(provenance.id));
    // Places of terms are remembered: of single entities no glossary is read.
    expect(JSON.stringify(alone)).toContain('"terms":[["Business"');
    for (const asset of alone) {
      if (asset.kind === 'glossary' || asset.kind === 'glossaryTerm') continue;
      const scope: ReadScope = { kind: 'entities', guids: [asset.provenance.id] };
      const reading = await read(atlas, memory, scope, everything);
      const found = byName(reading.records);
      expect(reading.records.filter(({ kind }) => kind.startsWith('glossary'))).toEqual([]);
      expect(found.get(named(asset)), named(asset)).toEqual(asset);
      // Its terms stand where they did: they need not be read again.
      expect(reading.records.some(({ kind }) => kind === 'glossaryTerm')).toBe(false);
      for (const [name, record] of found) {
        expect(content(record), `${name}, for ${named(asset)}`).toEqual(whole.get(name));
      }
      const into = (records: Iterable<SourceRecord>): string[] =>
        [...records]
          .filter((record) => record.kind === 'lineage' && record.to.path.join('.') === asset.path.join('.'))
          .map(named)
          .sort();
      expect(into(found.values()), named(asset)).toEqual(into(whole.values()));
    }
    expect(alone.length).toBeGreaterThan(30);
  });

  it('tells exactly what the recorded changes have touched, with all lineage into it', async () => {
    const memory = notes();
    await readWhole(await start(folder('recorded')), memory);
    const after = await start(folder('recorded-after-changes'));
    const reading = await read(after, memory, { kind: 'changedSince', since: before });
    const whole = byName((await read(after, notes())).records);
    expect(told(reading)).toMatchInlineSnapshot(`
      [
        "databaseSchema hive.prod.finance",
        "gone create_view_active:email@prod",
        "gone create_view_active@prod",
        "gone sales.v_active_customers.email@prod",
        "gone sales.v_active_customers@prod",
        "hive.prod.sales.customers → hive.prod.marketing.campaign_stats",
        "hive.prod.sales.customers → hive.prod.sales.orders",
        "hive.prod.sales.orders → hive.prod.marketing.campaign_stats",
        "hive.prod.sales.orders → hive.prod.sales.orders",
        "hive.prod.sales.raw_orders_ext → hive.prod.sales.orders",
        "table hive.prod.finance.ledger",
        "table hive.prod.finance.new_table",
        "table hive.prod.marketing.campaign_stats",
        "table hive.prod.sales.customers",
        "table hive.prod.sales.orders",
      ]
    `);
    for (const record of reading.records) {
      if (record.kind !== 'gone') expect(record, named(record)).toEqual(whole.get(named(record)));
    }
  });
});

describe('a million made-up tables', () => {
  const million = { tables: 1_000_000, columns: 20 };
  /** The same types, so that what a full reading of few has left holds for many. */
  async function afterFull(): Promise<Notes> {
    const memory = notes();
    await readWhole(await start({ generate: { tables: 3, columns: 2 } }), memory);
    return memory;
  }

  it('of which none has changed cost a handful of requests', async () => {
    const atlas = await start({ generate: million });
    const reading = await read(atlas, await afterFull(), { kind: 'changedSince', since: Date.now() });
    expect(reading.outcome).toEqual({ kept: true });
    expect(told(reading)).toEqual([]);
    expect(reading.requests).toBeLessThanOrEqual(12);
  });

  it('of which one in 999 has changed cost the requests for those', async () => {
    const since = Date.now();
    const atlas = await start({ generate: { ...million, changedEvery: 999 } });
    const reading = await read(atlas, await afterFull(), { kind: 'changedSince', since });
    expect(reading.outcome).toEqual({ kept: true });
    const tables = reading.records.filter(({ kind }) => kind === 'table');
    expect(tables).toHaveLength(1002);
    expect(tables.every((table) => table.kind === 'table' && table.columns.length === 20)).toBe(true);
    // Every fourth table is written by a process, from the table before it.
    expect(reading.records.filter(({ kind }) => kind === 'lineage').length).toBe(251);
    expect(reading.issues.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(reading.requests).toBeLessThanOrEqual(40);
  });

  it('are read whole where more than a fifth has changed', async () => {
    const since = Date.now();
    const atlas = await start({ generate: { tables: 4_000, columns: 1, changedEvery: 1 } });
    const memory = await afterFull();
    const reading = await read(atlas, memory, { kind: 'changedSince', since });
    expect(reading.outcome).toEqual({ kept: false, reason: '4000 of 4000 entities have changed' });
    expect(reading.records.filter(({ kind }) => kind === 'table')).toHaveLength(4_000);
  });
});

describe('what the entities’ own time does not show', () => {
  it('a type that was defined since makes the reading whole', async () => {
    const memory = notes();
    await readWhole(await start({}), memory);
    const other: Notes = { ...memory, get: (key) => (key.startsWith('types') ? 'another' : memory.get(key)) };
    const reading = await read(await start({}), other, { kind: 'changedSince', since: Date.now() });
    expect(reading.outcome).toMatchObject({ kept: false });
  });

  it('an entity that was purged is told as gone, by its id alone', async () => {
    const memory = notes();
    const atlas = await start({});
    await readWhole(atlas, memory);
    const guid = '00000000-0000-4000-8000-000000000000';
    const reading = await read(atlas, memory, { kind: 'entities', guids: [guid] });
    expect(reading.records.filter(({ kind }) => kind === 'gone')).toEqual([
      { kind: 'gone', of: undefined, provenance: { id: guid, typeName: '', qualifiedName: guid } },
    ]);
    expect(told(reading)).toEqual([`gone ${guid}`]);
  });
});
