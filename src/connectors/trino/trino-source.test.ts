import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CatalogSpec, sampleCatalogs } from '../../../sandbox/trino/catalog-tree.ts';
import { startTrino, type TrinoStandIn } from '../../../sandbox/trino/start-trino.ts';
import type { SourceRecord } from '../../model/records.ts';
import type { SourceCheck, SourceIssue } from '../source.ts';
import { TrinoClient } from './trino-client.ts';
import { provenanceOf } from './trino-records.ts';
import { TrinoSource, type TrinoSourceOptions } from './trino-source.ts';

let trino: TrinoStandIn;
beforeEach(async () => {
  trino = await startTrino({ pageRows: 50 });
});
afterEach(() => trino.close());

const [hive, lake] = sampleCatalogs as [CatalogSpec, CatalogSpec];
const signal = new AbortController().signal;

function sourceOf(options: Partial<TrinoSourceOptions> = {}): TrinoSource {
  const client = new TrinoClient({
    address: trino.url,
    user: 'ada',
    source: 'meridian',
    headers: {},
    session: {},
    extraCredential: {},
    queryTimeoutMs: 60_000,
    redact: (text) => text,
  });
  return new TrinoSource({
    client,
    serviceName: 'svc',
    service: {},
    catalog: undefined,
    databaseSchema: undefined,
    reads: () => true,
    ...options,
  });
}

interface Reading {
  readonly records: SourceRecord[];
  readonly issues: SourceIssue[];
}

async function read(options: Partial<TrinoSourceOptions> = {}, memory = new Map<string, string>()): Promise<Reading> {
  const source = sourceOf(options);
  const reading: Reading = { records: [], issues: [] };
  const context = {
    signal,
    report: (issue: SourceIssue) => void reading.issues.push(issue),
    progress: () => undefined,
    memory: {
      get: (key: string) => memory.get(key),
      set: (key: string, value: string) => void memory.set(key, value),
      setAfterSuccess: () => undefined,
    },
  };
  for await (const record of source.records(context)) reading.records.push(record);
  await source.close();
  return reading;
}

const namesOf = ({ records }: Reading, kind: 'database' | 'databaseSchema' | 'table'): string[] =>
  records.flatMap((record) => (record.kind === kind ? [record.path.slice(1).join('/')] : []));

describe('Trino as a source', () => {
  it('asks a few queries a catalog, however many tables it has', async () => {
    const tables = Array.from({ length: 500 }, (_, i) => ({
      name: `t${String(i).padStart(3, '0')}`,
      columns: Array.from({ length: 4 }, (_, c) => ({ name: `c${c}`, type: 'bigint' })),
    }));
    trino.setCatalogs([{ name: 'wide', schemas: [{ name: 's', tables }] }]);
    const reading = await read();
    expect(namesOf(reading, 'table')).toHaveLength(500);
    // Catalogs; schemas; tables, columns, views; comments; materialized views.
    expect(trino.queries()).toHaveLength(7);
  });

  it('reads hundreds of schemas in parts, and leaves none out', async () => {
    const schemas = Array.from({ length: 250 }, (_, i) => ({
      name: `s${i}`,
      tables: [{ name: 't', comment: `of ${i}`, columns: [{ name: 'c', type: 'bigint' }] }],
    }));
    trino.setCatalogs([{ name: 'many', schemas }]);
    const { records } = await read();
    const tables = records.filter((record) => record.kind === 'table');
    expect(tables).toHaveLength(250);
    expect(tables.every(({ description }) => description?.startsWith('of '))).toBe(true);
  });

  it('tells the outer before the inner, and the same in every run', async () => {
    const first = await read();
    const order = ['databaseService', 'database', 'databaseSchema', 'table'];
    const kinds = first.records.map(({ kind }) => order.indexOf(kind));
    expect(kinds).toEqual(kinds.toSorted((a, b) => a - b));
    expect((await read()).records).toEqual(first.records);
  });

  it('leaves the cluster’s own catalogs and schemas out, by name where it does not tell the connector', async () => {
    expect(namesOf(await read(), 'database')).toEqual(['hive', 'lake']);
    trino.setCatalogs([...sampleCatalogs, { name: 'system', schemas: [], denied: true }]);
    const reading = await read();
    expect(namesOf(reading, 'database')).toEqual(['hive', 'lake']);
    expect(namesOf(reading, 'databaseSchema').join()).not.toContain('information_schema');
  });

  it('reads one catalog and one schema where the recipe says so', async () => {
    const reading = await read({ catalog: 'Hive', databaseSchema: 'Staging' });
    expect(namesOf(reading, 'table')).toEqual(['hive/staging/raw_events']);
    const source = sourceOf({ catalog: 'hive', databaseSchema: 'staging' });
    // What is not read cannot be missed.
    expect(source.covers('trino_table', ['svc', 'hive', 'staging', 'x'])).toBe(true);
    expect(source.covers('trino_table', ['svc', 'hive', 'sales', 'x'])).toBe(false);
    expect(source.covers('trino_table', ['svc', 'lake', 'staging', 'x'])).toBe(false);
    await source.close();
    await expect(read({ catalog: 'hiev' })).rejects.toMatchObject({ code: 'trino.no-catalog' });
  });

  it('does not look into what the filters keep out', async () => {
    const reading = await read({ reads: (_kind, path) => path[1] === 'hive' && path[2] !== 'sales' });
    // Told, so that they can be counted as left out.
    expect(namesOf(reading, 'database')).toEqual(['hive', 'lake']);
    expect(namesOf(reading, 'databaseSchema')).toEqual(['hive/sales', 'hive/staging']);
    expect(namesOf(reading, 'table')).toEqual(['hive/staging/raw_events']);
    expect(
      trino
        .queries()
        .map(({ sql }) => sql)
        .join(),
    ).not.toMatch(/"lake"|'sales'/);
  });

  it('tells a user without rights in the catalog system what it could not read, and goes on', async () => {
    trino.setCatalogs([hive, { name: 'system', schemas: [], denied: true }]);
    const { records, issues } = await read();
    const orders = records.find((record) => record.kind === 'table' && record.path.at(-1) === 'orders');
    expect(orders).not.toHaveProperty('description');
    expect(issues.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'skipped not-readable',
      'skipped not-readable',
    ]);
  });

  it('fails where comments that it could read before cannot be read', async () => {
    const memory = new Map<string, string>();
    expect((await read({}, memory)).issues).toEqual([]);
    trino.failQueries(/table_comments/, 'PERMISSION_DENIED');
    const { records, issues } = await read({}, memory);
    expect(records.filter(({ kind }) => kind === 'table')).toEqual([]);
    expect(issues.map(({ outcome, kind, name }) => `${outcome} ${kind} ${name}`)).toEqual([
      'failed table hive',
      'failed table lake',
    ]);
  });

  it('reports a table whose columns Trino cannot read', async () => {
    const sales = hive.schemas[0]!;
    const broken = { name: 'broken', unreadable: true, columns: [] };
    trino.setCatalogs([{ ...hive, schemas: [{ ...sales, tables: [...sales.tables, broken] }] }]);
    const { issues } = await read();
    expect(issues).toMatchObject([
      { outcome: 'failed', kind: 'table', reason: 'no-columns', name: 'hive.sales.broken' },
    ]);
  });

  it('goes on with the other catalogs when one is down, and ends when the server is', async () => {
    trino.setCatalogs([{ ...hive, broken: 'no metastore' }, lake]);
    const reading = await read();
    expect(namesOf(reading, 'table')).toEqual(['lake/finance/daily_totals', 'lake/finance/ledger']);
    expect(reading.issues.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual([
      'databaseSchema catalog-unreadable',
      'table catalog-unreadable',
    ]);
    trino.faults.set([{ kind: 'expired-token', after: 4 }]);
    await expect(read()).rejects.toMatchObject({ code: 'http.not-signed-in' });
  });
});

describe('what Trino says of things by their names', () => {
  const candidate = (...names: string[]) => ({ kind: 'table' as const, id: provenanceOf(names).id });

  it('tells what is gone from what cannot be seen', async () => {
    trino.setCatalogs([
      hive,
      { name: 'vault', schemas: [], denied: true },
      { name: 'down', schemas: [], broken: 'no metastore' },
    ]);
    const source = sourceOf();
    const asked = [
      candidate('hive', 'sales', 'orders'),
      candidate('hive', 'sales', 'gone'),
      candidate('hive', 'gone', 'gone'),
      candidate('gone', 'gone', 'gone'),
      candidate('vault', 's', 't'),
      candidate('down', 's', 't'),
      candidate('hive'),
      candidate('hive', 'sales'),
      candidate('gone'),
    ];
    expect(await source.confirmGone(asked, signal)).toEqual([
      ...['there', 'gone', 'gone', 'gone', 'unknown', 'unknown', 'there', 'there', 'gone'],
    ]);
    await source.close();
  });

  it('tells the columns that are there before any is taken away', async () => {
    const source = sourceOf();
    const ids = [
      ['lake', 'finance', 'ledger'],
      ['lake', 'finance', 'gone'],
    ].map((names) => provenanceOf(names).id);
    expect([...(await source.liveParts(ids, signal))]).toEqual([[ids[0], ['entry', 'value']]]);
    await source.close();
  });

  it('checks the connection step by step', async () => {
    trino.setCatalogs([{ ...hive, broken: 'no metastore' }, lake]);
    const source = sourceOf();
    const checks: SourceCheck[] = [];
    for await (const check of source.test(signal)) checks.push(check);
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['Trino', true],
      ['sign in and list catalogs', true],
      ['read catalog hive', false],
      ['read catalog lake', true],
    ]);
    expect(checks[3]?.message).toBe('1 schemas, 2 tables and views');
    await source.close();
  });
});
