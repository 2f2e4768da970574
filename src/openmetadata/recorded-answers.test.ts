import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeName, encodeName } from '../model/name-encoding.ts';
import { type Answer, type AnsweringServer, type Asked, answer } from './answering-server.testing.ts';
import { assetBody } from './asset-body.ts';
import { capabilitiesOf } from './capabilities.ts';
import { desiredAsset } from './desired-asset.testing.ts';
import type { TableEntity, TargetColumn } from './entities.ts';
import { OpenMetadataClient } from './openmetadata-client.ts';
import { assetFields, readAsset } from './read-asset.ts';
import { parseServerVersion } from './server-version.ts';

interface Call {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly query: string | null;
  readonly requestBody: unknown;
  readonly status: number;
  readonly file: string;
  readonly actor: string;
}

const folder = new URL('../../../shared/openmetadata/recorded-1.1/', import.meta.url);
const there = existsSync(folder);
const calls: Call[] = there ? JSON.parse(readFileSync(new URL('index.json', folder), 'utf8')) : [];
const signal = new AbortController().signal;
const capabilities = capabilitiesOf(parseServerVersion('1.1.0-SNAPSHOT'));

/** The same parameters in any order. */
function sameQuery(recorded: string | null, asked: URLSearchParams): boolean {
  const sorted = (query: URLSearchParams): string => [...query].map(String).sort().join();
  return sorted(new URLSearchParams(recorded ?? '')) === sorted(asked);
}

function replay(asked: Asked): Answer {
  const call = calls.find(
    ({ method, path, query, requestBody, actor }) =>
      actor !== 'bad token' &&
      (actor !== 'none' || path.endsWith('version')) &&
      method === asked.method &&
      path === `/api${asked.path}` &&
      sameQuery(query, asked.query) &&
      JSON.stringify(requestBody ?? undefined) === JSON.stringify(asked.body),
  );
  if (!call) return { status: 418, body: `not recorded: ${asked.method} ${asked.path}?${asked.query}` };
  const text = readFileSync(new URL(call.file, folder), 'utf8');
  return { status: call.status, body: text, type: call.file.endsWith('.json') ? 'application/json' : 'text/plain' };
}

// The recording is not part of this repository; where it is missing these tests are skipped.
describe.skipIf(!there)('a real 1.1 server’s answers', () => {
  let server: AnsweringServer;
  let client: OpenMetadataClient;

  beforeAll(async () => {
    server = await answer(replay);
    const { hostPort } = server;
    client = new OpenMetadataClient({ hostPort, authProvider: 'openmetadata', securityConfig: { jwtToken: 't' } });
    const { user } = await client.connect(signal);
    expect(user).toMatchObject({ name: 'ingestion-bot', isBot: true });
  });
  afterAll(async () => {
    await client.close();
    await server.close();
  });

  it('are found by names with dots and slashes', async () => {
    const dotted = await client.getByName('table', 'lab_hive.default.sales."a.b"', {}, signal);
    expect(dotted?.name).toBe('a.b');
    expect((await client.getByName('table', 'lab_hive.default.sales.a/b', {}, signal))?.name).toBe('a/b');
    expect(await client.getByName('table', 'lab_hive.default.sales.nope', {}, signal)).toBeUndefined();
  });

  it('are counted', async () => {
    const filters = { databaseSchema: 'lab_hive.default.sales' };
    expect(await client.count('table', { filters, include: 'all' }, signal)).toBeGreaterThan(5);
  });

  it('are read page by page until a page is not recorded', async () => {
    const names: string[] = [];
    const list = client.list('table', { filters: { database: 'lab_hive' }, limit: 2 }, signal);
    await expect(async () => {
      for await (const { name } of list) names.push(name);
    }).rejects.toThrow(/not recorded/);
    expect(names).toHaveLength(4);
    expect(new Set(names).size).toBe(4);
  });

  it('hold lineage with its columns, and edges to oneself', async () => {
    const by = { fqn: 'lab_hive.default.sales.orders' };
    const orders = await client.getLineage('table', by, { upstream: 1, downstream: 1 }, signal);
    expect(orders?.upstreamEdges[0]?.lineageDetails?.columnsLineage).toContainEqual({
      fromColumns: ['lab_hive.default.sales.customers.id'],
      toColumn: 'lab_hive.default.sales.orders.customer',
    });
    const self = { id: 'a50dabb2-8b9d-499e-bedc-a74dd59cc1bf' };
    const edges = await client.getLineage('table', self, { upstream: 1, downstream: 1 }, signal);
    expect(edges?.upstreamEdges).toEqual([{ fromEntity: self.id, toEntity: self.id }]);
  });

  it('are read in one form', async () => {
    const fqn = 'lab_hive.default.sales.no_columns';
    const entity = (await client.getByName('table', fqn, { fields: ['owner'] }, signal)) as TableEntity;
    const owner = { id: expect.any(String), type: expect.stringMatching(/user|team/), name: expect.any(String) };
    expect(readAsset('table', entity, capabilities)).toMatchObject({
      fqn,
      columns: [],
      tags: [],
      owners: [owner],
      deleted: false,
    });
    expect(assetFields(capabilities, 'database')).toEqual(['owner', 'tags', 'extension']);
    expect(assetFields(capabilities, 'table')).toContain('viewDefinition');
  });

  it('to a view and to a table with labels keep text and labels', () => {
    const stored = (n: number): TableEntity => JSON.parse(readFileSync(new URL(calls[n - 1]!.file, folder), 'utf8'));
    const view = readAsset('table', stored(54), capabilities);
    expect(view).toMatchObject({ tableType: 'View', viewDefinition: expect.stringContaining('select id') });
    const labelled = readAsset('table', stored(88), capabilities);
    expect(labelled.tags.map(({ tagFQN }) => tagFQN)).toContain('Business.Customer');
    expect(labelled.columns!.flatMap(({ tags }) => tags).map(({ tagFQN }) => tagFQN)).toContain('LabPII.Email');
    const deleted = readAsset('table', stored(170), capabilities);
    expect(deleted.deleted).toBe(true);
  });

  it('show that every column type arrives as our body has it', () => {
    const { requestBody, file } = calls[26]!;
    const { columns } = requestBody as { columns: TargetColumn[] };
    const body = assetBody(desiredAsset('table', 's.d.h', 't', { columns: columns as [] }), capabilities);
    const stored = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as TableEntity;
    const shape = ({
      name,
      dataType,
      dataLength,
      precision,
      scale,
      arrayDataType,
      children,
    }: TargetColumn): unknown => ({
      name,
      dataType,
      dataLength,
      precision,
      scale,
      arrayDataType,
      children: children?.map(shape),
    });
    expect((body['columns'] as TargetColumn[]).map(shape)).toEqual(stored.columns!.map(shape));
  });

  it('take the names that were refused once they are encoded, and only those are changed', () => {
    for (const { n, status, requestBody } of calls.slice(41, 50)) {
      const { name, columns } = requestBody as { name: string; columns?: { name: string }[] };
      const [raw, rule] =
        n === 49
          ? [columns!.find((column) => column.name.includes('::'))!.name, capabilities.nameLimits.column]
          : [name, n === 50 ? capabilities.nameLimits.tag : capabilities.nameLimits.entity];
      const encoded = encodeName(raw, rule);
      expect(encoded.name !== raw, `${n} ${raw}`).toBe(status === 400);
      expect(decodeName(encoded, rule)).toBe(raw);
    }
  });
});
