import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../sandbox/openmetadata/start-openmetadata.ts';
import { AuthenticationError, ConnectionError } from '../errors.ts';
import { buildFqn } from '../model/fqn.ts';
import { decodeName, encodeName } from '../model/name-encoding.ts';
import type { TargetAsset } from '../reconcile/target-asset.ts';
import { assetBody } from './asset-body.ts';
import { classificationBody, tagBody } from './bodies.ts';
import type { Capabilities } from './capabilities.ts';
import { desiredAsset, type Loose } from './desired-asset.testing.ts';
import type { Entity, TagLabel } from './entities.ts';
import { OpenMetadataClient } from './openmetadata-client.ts';
import { PatchConflict } from './patch-conflict.ts';
import { assetFields, readAsset } from './read-asset.ts';
import { ingestionPipelineBody, metadataServiceBody, serviceBody } from './service-bodies.ts';

const signal = new AbortController().signal;
const schema = 'hive.default.sales';

function clientOf(server: OpenMetadataStandIn, jwtToken = server.botToken): OpenMetadataClient {
  return new OpenMetadataClient({ hostPort: server.url, authProvider: 'openmetadata', securityConfig: { jwtToken } });
}

async function addSchema(client: OpenMetadataClient): Promise<void> {
  const { capabilities } = client;
  await client.put('databaseService', serviceBody('databaseService', { name: 'hive', serviceType: 'Hive' }), signal);
  await client.put('database', assetBody(desiredAsset('database', 'hive', 'default'), capabilities), signal);
  const sales = desiredAsset('databaseSchema', 'hive.default', 'sales', { description: 'what is sold' });
  await client.put('databaseSchema', assetBody(sales, capabilities), signal);
}

// Strict: a key that a version does not know is refused, as the real 1.1 does.
describe.each(['1.1.0', '1.4.0', '1.5.0', '1.9.0', '1.13.0'])('a stand-in of OpenMetadata %s', (version) => {
  let server: OpenMetadataStandIn;
  let client: OpenMetadataClient;
  let capabilities: Capabilities;

  beforeAll(async () => {
    server = await startOpenMetadata({ version, strict: true });
    client = clientOf(server);
    const connection = await client.connect(signal);
    expect(connection.user).toMatchObject({ isBot: true });
    capabilities = connection.capabilities;
    await addSchema(client);
  });
  afterAll(async () => {
    await client.close();
    await server.close();
  });

  async function read(name: string): Promise<TargetAsset> {
    const fqn = buildFqn(['hive', 'default', 'sales', name]);
    const entity = await client.getByName('table', fqn, { fields: assetFields(capabilities, 'table') }, signal);
    return readAsset('table', entity!, capabilities);
  }

  async function putTable(name: string, columns: NonNullable<Loose['columns']>, more: Loose = {}): Promise<Entity> {
    return client.put(
      'table',
      assetBody(desiredAsset('table', schema, name, { ...more, columns }), capabilities),
      signal,
    );
  }

  it('keeps a table with labels, an owner and a view text', async () => {
    await client.put('classification', classificationBody({ name: 'Atlas', description: 'from Atlas' }), signal);
    const tags = ['PII', 'FINANCE.SOX'];
    for (const name of tags)
      await client.put('tag', tagBody({ classification: 'Atlas', name, description: name }), signal);
    const nested = { classification: 'Atlas', parent: 'Atlas.PII', name: 'EMAIL', description: 'mail' };
    await client.put('tag', tagBody(nested), signal);
    const owner = await client.findOwner('admin', signal);
    const label = (tagFQN: string): TagLabel => {
      return { tagFQN, source: 'Classification', labelType: 'Automated', state: 'Confirmed' };
    };
    const columns = [
      { name: 'id', dataType: 'BIGINT', dataTypeDisplay: 'BIGINT', constraint: 'NOT_NULL' },
      { name: 'mail', dataType: 'VARCHAR', dataLength: 80, tags: [label('Atlas.PII.EMAIL')], description: 'where to' },
      { name: 'items', dataType: 'ARRAY', arrayDataType: 'STRING', dataTypeDisplay: 'array<string>' },
    ];
    const tableConstraints = [{ constraintType: 'UNIQUE', columns: ['id'] }];
    await putTable('v_orders', columns, {
      tableType: 'View',
      viewDefinition: 'select * from orders',
      attributes: { tableConstraints },
      tags: [label('Atlas."FINANCE.SOX"')],
      owner: { id: owner!.id, type: 'user' },
    });
    const table = await read('v_orders');
    expect(table).toMatchObject({
      fqn: `${schema}.v_orders`,
      tableType: 'View',
      viewDefinition: 'select * from orders',
      attributes: { tableConstraints },
      owners: [{ id: owner!.id, type: 'user', name: 'admin' }],
    });
    expect(table.tags.map(({ tagFQN }) => tagFQN)).toEqual(['Atlas."FINANCE.SOX"']);
    expect(table.columns!.map(({ name, dataTypeDisplay }) => `${name} ${dataTypeDisplay}`)).toEqual([
      'id bigint',
      'mail varchar',
      'items array<string>',
    ]);
    expect(table.columns![1]!.tags.map(({ tagFQN }) => tagFQN)).toEqual(['Atlas.PII.EMAIL']);
  });

  it('takes every odd name once it is encoded, and gives it back', async () => {
    const odd = ['a.b', 'a/b', 'say "hi"', 'x::y', 'a->b', 'tab\there', 'größe', 'q?&#%25', `long_${'z'.repeat(400)}`];
    const { entity, column, tag, service } = capabilities.nameLimits;
    await client.put('classification', classificationBody({ name: 'Odd', description: 'odd' }), signal);
    for (const raw of odd) {
      const named = encodeName(raw, entity);
      await putTable(named.name, [{ ...encodeName(raw, column), dataType: 'INT' }], named);
      const table = await read(named.name);
      expect(decodeName(table, entity)).toBe(raw);
      expect(decodeName(table.columns![0]!, column)).toBe(raw);
      const tagName = encodeName(raw, tag);
      const made = await client.put('tag', tagBody({ classification: 'Odd', description: 'x', ...tagName }), signal);
      expect(decodeName(made, tag)).toBe(raw);
      const body = serviceBody('databaseService', { serviceType: 'CustomDatabase', ...encodeName(raw, service) });
      expect(decodeName(await client.put('databaseService', body, signal), service)).toBe(raw);
    }
    await client.put('tag', tagBody({ classification: 'Odd', description: 'x', ...encodeName('p', tag) }), signal);
  });

  it('lists what there is, page by page, and counts it', async () => {
    for (let i = 0; i < 5; i += 1) await putTable(`page_${i}`, [{ name: 'a', dataType: 'INT' }]);
    const names: string[] = [];
    for await (const { name } of client.list('table', { filters: { database: 'hive' }, limit: 2 }, signal))
      names.push(name);
    expect(names).toEqual(expect.arrayContaining(['page_0', 'page_4']));
    expect(new Set(names).size).toBe(names.length);
    expect(await client.count('table', { filters: { database: 'hive' } }, signal)).toBe(names.length);
  });

  it('patches whole or not at all', async () => {
    const { id } = await putTable('patched', [{ name: 'a', dataType: 'INT' }], { description: 'ours' });
    const patch = (from: string, to: string): Promise<Entity> =>
      client.patch(
        'table',
        id,
        [
          { op: 'test', path: '/description', value: from },
          { op: 'replace', path: '/description', value: to },
        ],
        signal,
      );
    await patch('ours', 'newer');
    await expect(patch('ours', 'lost')).rejects.toBeInstanceOf(PatchConflict);
    expect((await read('patched')).description).toBe('newer');
    const versions = await client.versions('table', id, signal);
    expect(versions[0]!.updatedBy).toBe('ingestion-bot');
    expect(versions[0]!.changeDescription.fieldsUpdated.map(({ name }) => name)).toContain('description');
    expect((await client.getUser(versions[0]!.updatedBy, signal))?.isBot).toBe(true);
  });

  it('keeps a custom property', async () => {
    const guid = { name: 'atlasGuid', description: 'id in Atlas', propertyType: 'string' } as const;
    expect((await client.customProperties('table', signal))?.has('atlasGuid')).toBe(false);
    expect(await client.ensureCustomProperty('table', guid, signal)).toBe('string');
    expect(await client.ensureCustomProperty('table', guid, signal)).toBe('string');
    expect((await client.customProperties('table', signal))?.get('atlasGuid')).toMatchObject({ type: 'string' });
    await putTable('extended', [{ name: 'a', dataType: 'INT' }], { extension: { atlasGuid: 'g-1' } });
    expect((await read('extended')).extension).toEqual({ atlasGuid: 'g-1' });
  });

  it('keeps an edge and its columns', async () => {
    const from = await putTable('edge_from', [{ name: 'a', dataType: 'INT' }]);
    const to = await putTable('edge_to', [{ name: 'b', dataType: 'INT' }]);
    const columnsLineage = [{ fromColumns: [`${schema}.edge_from.a`], toColumn: `${schema}.edge_to.b` }];
    const ends = { from: { id: from.id, type: 'table' }, to: { id: to.id, type: 'table' } };
    await client.putLineage(
      { ...ends, details: { sqlQuery: 'insert', source: 'QueryLineage', columnsLineage } },
      signal,
    );
    const around = await client.getLineage('table', { id: to.id }, { upstream: 1, downstream: 0 }, signal);
    expect(around?.upstreamEdges).toHaveLength(1);
    expect(around?.upstreamEdges[0]).toMatchObject({ fromEntity: from.id, lineageDetails: { columnsLineage } });
    if (capabilities.lineageEdgeRead) {
      expect(await client.getLineageEdge(from.id, to.id, signal)).toMatchObject({ sqlQuery: 'insert', columnsLineage });
      expect(await client.getLineageEdge(to.id, from.id, signal)).toBeUndefined();
    }
    expect(await client.deleteLineage(ends.from, ends.to, signal)).toBe(true);
    expect(await client.deleteLineage(ends.from, ends.to, signal)).toBe(false);
  });

  it('takes many tables at once, with a bad one among them', async () => {
    const bodies = ['bulk_1', 'bulk_2', 'bad::name', 'bulk_3'].map((name) =>
      assetBody(desiredAsset('table', schema, name, { columns: [{ name: 'a', dataType: 'INT' }] }), capabilities),
    );
    server.clearRequests();
    const results = await client.bulkPut('table', bodies, signal);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false, true]);
    expect(results[2]).toMatchObject({ fqn: `${schema}.bad::name`, message: expect.stringMatching(/name/) });
    expect(server.requestTotal()).toBe(capabilities.bulk ? 1 : 4);
    expect((await read('bulk_3')).columns).toHaveLength(1);
  });

  it('settles a race of many writers for one table', async () => {
    const writes = Array.from({ length: 8 }, () => putTable('raced', [{ name: 'a', dataType: 'INT' }]));
    expect(new Set((await Promise.all(writes)).map(({ id }) => id)).size).toBe(1);
  });

  it('is told how a run stands', async () => {
    const input = { name: 'atlas', hostPort: 'http://a:21000', username: 'u', entityType: 'Table' };
    const service = await client.put('metadataService', metadataServiceBody(input), signal);
    const pipeline = {
      name: 'nightly',
      service: { id: service.id, type: 'metadataService' },
      pipelineType: 'metadata',
      sourceConfig: { type: 'DatabaseMetadata' },
    };
    expect(ingestionPipelineBody(pipeline)).toHaveProperty('airflowConfig');
    expect(await client.createIngestionPipeline(pipeline, signal)).toMatchObject({ fqn: 'atlas.nightly' });
    expect(await client.getIngestionPipeline('atlas.nightly', signal)).toMatchObject({ name: 'nightly' });
    const run = {
      runId: '5cf3c1a4-3f5d-4fd5-9f7a-2f3a36fa8d61',
      startDate: 1_800_000_000_000,
      timestamp: 1_800_000_000_000,
    };
    await client.putPipelineStatus('atlas.nightly', { ...run, pipelineState: 'running' });
    const status = [{ name: 'Atlas', records: 3, warnings: 0, errors: 0, filtered: 0 }];
    await client.putPipelineStatus('atlas.nightly', {
      ...run,
      pipelineState: 'stopped',
      status,
      endDate: 1_800_000_001_000,
    });
    const told = await client.getByName('ingestionPipeline', 'atlas.nightly', { fields: ['pipelineStatuses'] }, signal);
    const state = capabilities.version.minor >= 12 ? 'stopped' : 'failed';
    expect(told?.['pipelineStatuses']).toMatchObject({ runId: run.runId, pipelineState: state });
  });
});

describe('a stand-in with faults', () => {
  let server: OpenMetadataStandIn;
  let client: OpenMetadataClient;
  const table = desiredAsset('table', schema, 't', { columns: [{ name: 'a', dataType: 'INT' }] });

  beforeAll(async () => {
    server = await startOpenMetadata({ version: '1.1.0' });
    client = clientOf(server);
    await client.connect(signal);
    await addSchema(client);
  });
  afterEach(() => server.faults.clear());
  afterAll(async () => {
    await client.close();
    await server.close();
  });

  it('refuses an expired token in one clear error', async () => {
    const other = clientOf(server);
    server.faults.set([{ kind: 'expired-token', match: 'loggedInUser' }]);
    const failure = await other.connect(signal).catch((error: unknown) => error);
    await other.close();
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect((failure as Error).message).not.toContain(server.botToken);
  });

  it('refuses a forged token', async () => {
    const other = clientOf(server, 'not.a.token');
    await expect(other.connect(signal)).rejects.toMatchObject({ code: 'openmetadata.sign-in' });
    await other.close();
  });

  it.each(['html', 'login-page'] as const)('is told from a server when a %s stands before it', async (kind) => {
    server.faults.set([{ kind }]);
    await expect(client.put('table', assetBody(table, client.capabilities), signal)).rejects.toBeInstanceOf(
      ConnectionError,
    );
    const other = clientOf(server);
    await expect(other.connect(signal)).rejects.toMatchObject({ code: 'openmetadata.not-an-api', exitCode: 3 });
    await other.close();
  });

  it.each(['half', 'drop', 'drop-after', '429', '503', '500'] as const)('gets over one %s', async (kind) => {
    server.faults.set([{ kind, times: 1, match: '^PUT' }]);
    const put = await client.put('table', assetBody(table, client.capabilities), signal);
    expect(put.name).toBe('t');
    expect(server.faults.injected).toBeGreaterThan(0);
  });

  it('ends a list that breaks in the middle, instead of giving half of it as all', async () => {
    for (let i = 0; i < 4; i += 1) {
      await client.put('table', assetBody({ ...table, name: `t${i}` }, client.capabilities), signal);
    }
    server.faults.set([{ kind: 'html', match: 'after=' }]);
    await expect(async () => {
      for await (const entity of client.list('table', { limit: 2 }, signal)) expect(entity.id).toBeDefined();
    }).rejects.toBeInstanceOf(ConnectionError);
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    server.faults.set([{ kind: '503' }]);
    const put = client.put('table', assetBody(table, client.capabilities), stop.signal);
    stop.abort();
    await expect(put).rejects.toMatchObject({ name: 'AbortError' });
  });
});
