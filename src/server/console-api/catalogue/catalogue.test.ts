import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoRecipe, tokenVariable } from '../../../../sandbox/demo-recipe.ts';
import { type Sandbox, startSandbox } from '../../../../sandbox/start-sandbox.ts';
import { Workflow } from '../../../workflow/workflow.ts';
import type { AssetDetails, CatalogueList, CatalogueNode, CatalogueSearch, LineageGraph } from './catalogue-types.ts';
import type { ColumnProfiles, TableProfiles } from './profile-types.ts';
import { registerCatalogue } from './register-catalogue.ts';

let sandbox: Sandbox;
let home: string;
let app: FastifyInstance;

beforeAll(async () => {
  sandbox = await startSandbox();
  home = await mkdtemp(join(tmpdir(), 'meridian-catalogue-'));
  const env = { MERIDIAN_HOME: home, [tokenVariable]: sandbox.token };
  const recipe = demoRecipe(sandbox) as Record<string, unknown>;
  const workflow = await Workflow.create(recipe, { env });
  await workflow.execute();
  await workflow.stop();
  app = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } });
  registerCatalogue(app, { pipelines: async () => [{ id: 'bakery' }], pipeline: async () => ({ recipe, env }) });
});
afterAll(async () => {
  await app.close();
  await sandbox.close();
  await rm(home, { recursive: true, force: true });
});

async function get<T>(path: string, query: Record<string, string> = {}): Promise<T> {
  const answer = await app.inject({ url: `/api/console/catalogue/bakery/${path}`, query });
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
  return answer.json();
}

const below = async (node: Pick<CatalogueNode, 'kind' | 'fqn'>): Promise<CatalogueList> =>
  get('tree', { kind: node.kind, fqn: node.fqn });

describe('the tree of the catalogue', () => {
  it('begins with the services and glossaries that the pipeline brought in', async () => {
    const { nodes } = await get<CatalogueList>('tree');
    expect(nodes.map(({ kind, fqn }) => `${kind} ${fqn}`)).toEqual(
      expect.arrayContaining([
        'databaseService bakery_hive',
        'messagingService bakery_kafka',
        'mlmodelService bakery_models',
      ]),
    );
    expect(nodes.some(({ kind }) => kind === 'glossary')).toBe(true);
  });

  it('leads from each root down to everything the run wrote, once', async () => {
    const found: string[] = [];
    const walk = async (node: CatalogueNode): Promise<void> => {
      found.push(`${node.kind} ${node.fqn}`);
      if (!node.opens) return;
      for (const child of (await below(node)).nodes) await walk(child);
    };
    for (const root of (await get<CatalogueList>('tree')).nodes) await walk(root);
    expect(new Set(found).size).toBe(found.length);
    for (const kind of ['table', 'topic', 'container', 'pipeline', 'mlmodel', 'glossaryTerm']) {
      const held = await allNames(kind);
      expect(found.filter((line) => line.startsWith(`${kind} `)).toSorted()).toEqual(
        held.map((fqn) => `${kind} ${fqn}`).toSorted(),
      );
    }
  });
});

async function allNames(kind: string): Promise<string[]> {
  const { openmetadata, token } = sandbox;
  const url = `${openmetadata.url}/v1/${kind}s?limit=1000`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { data } = (await answer.json()) as { data: { fullyQualifiedName: string }[] };
  return data.map(({ fullyQualifiedName }) => fullyQualifiedName);
}

async function tableWithLineage(): Promise<CatalogueNode> {
  const { groups } = await get<CatalogueSearch>('search', { q: 'orders', kind: 'table' });
  return groups[0]!.nodes[0]!;
}

describe('the search', () => {
  it('finds assets by a part of their name, each kind by itself', async () => {
    const { groups } = await get<CatalogueSearch>('search', { q: 'orde' });
    const tables = groups.find(({ kind }) => kind === 'table')!;
    expect(tables.nodes.every(({ kind }) => kind === 'table')).toBe(true);
    expect(tables.nodes.some(({ name }) => name.includes('order'))).toBe(true);
  });

  it('takes signs of the search engine as what they are: signs', async () => {
    await expect(get<CatalogueSearch>('search', { q: 'no(such:thing' })).resolves.toEqual({ groups: [] });
  });
});

describe('an asset', () => {
  it('is told with its columns, and where each text and label comes from', async () => {
    const { kind, fqn } = await tableWithLineage();
    const details = await get<AssetDetails>('asset', { kind, fqn });
    expect(details.path.map((link) => link.kind)).toEqual(['databaseService', 'database', 'databaseSchema']);
    expect(details.partWord).toBe('columns');
    expect(details.parts.length).toBeGreaterThan(0);
    expect(details.sourceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(details.address).toContain(encodeURIComponent(fqn));
    const described = details.origins.find(({ field }) => field === 'description');
    expect(described).toMatchObject({ origin: 'source', value: details.description });
  });

  it('shows what a person wrote in OpenMetadata as theirs', async () => {
    const { kind, fqn } = await tableWithLineage();
    const { openmetadata } = sandbox;
    const headers = {
      authorization: `Bearer ${openmetadata.adminToken}`,
      'content-type': 'application/json-patch+json',
    };
    const table = await (
      await fetch(`${openmetadata.url}/v1/tables/name/${encodeURIComponent(fqn)}`, { headers })
    ).json();
    const body = JSON.stringify([{ op: 'add', path: '/displayName', value: 'Orders of the day' }]);
    await fetch(`${openmetadata.url}/v1/tables/${(table as { id: string }).id}`, { method: 'PATCH', headers, body });
    const { origins, displayName } = await get<AssetDetails>('asset', { kind, fqn });
    expect(displayName).toBe('Orders of the day');
    expect(origins.find(({ field }) => field === 'displayName')).toMatchObject({
      origin: 'openmetadata',
      changedBy: 'admin',
    });
  });

  it('that is not there is an error that says what to do', async () => {
    await expect(get('asset', { kind: 'table', fqn: 'bakery_hive.no.such.table' })).rejects.toThrow(
      /has nothing called bakery_hive.no.such.table/,
    );
  });
});

describe('a name that is a path', () => {
  it.each(['..', '.', '../../users', '..%2f..%2fusers', 'a/../../users', 'x?fields=*', 'x#y'])(
    '%j asks OpenMetadata for nothing else',
    async (fqn) => {
      const addresses = () => sandbox.openmetadata.requests().map(({ path }) => path);
      const before = new Set(addresses());
      const span = { from: '0', to: '1' };
      for (const [route, query] of [
        ['asset', { kind: 'table', fqn }],
        ['lineage', { kind: 'table', fqn }],
        ['profile', { fqn, ...span }],
        ['column-profile', { fqn, ...span }],
        ['tree', { kind: 'databaseSchema', fqn }],
      ] as const) {
        const answer = await app.inject({ url: `/api/console/catalogue/bakery/${route}`, query });
        const isEmpty = route === 'tree' || route === 'column-profile';
        expect([route, isEmpty || [400, 404].includes(answer.statusCode)]).toEqual([route, true]);
      }
      const others = addresses().filter((path) => !before.has(path));
      expect(others.filter((path) => !/\/(tables|lineage|system|version)\b/.test(path))).toEqual([]);
    },
  );
});

describe('lineage', () => {
  it('tells edges with columns and the job, and where there is more', async () => {
    const { kind, fqn } = await tableWithLineage();
    const near = await get<LineageGraph>('lineage', { kind, fqn });
    expect(near.nodes.find(({ id }) => id === near.root)?.fqn).toBe(fqn);
    expect(near.links.length).toBeGreaterThan(0);
    const ids = new Set(near.nodes.map(({ id }) => id));
    for (const { from, to } of near.links) expect(ids.has(from) && ids.has(to)).toBe(true);
    const far = await get<LineageGraph>('lineage', { kind, fqn, upstream: '3', downstream: '3' });
    expect(far.nodes.length).toBeGreaterThanOrEqual(near.nodes.length);
    expect(far.links.some(({ columns }) => columns.length > 0)).toBe(true);
    expect(near.nodes.some(({ moreUpstream, moreDownstream }) => moreUpstream || moreDownstream)).toBe(
      far.nodes.length > near.nodes.length,
    );
  });

  it('refuses a depth that no server answers', async () => {
    const { kind, fqn } = await tableWithLineage();
    await expect(get('lineage', { kind, fqn, upstream: '9' })).rejects.toThrow(/400/);
  });
});

describe('profiles', () => {
  const dayMs = 86_400_000;

  async function profiled(): Promise<{ fqn: string; now: number; span: { from: string; to: string } }> {
    const { fqn } = await tableWithLineage();
    const { openmetadata } = sandbox;
    const headers = { authorization: `Bearer ${openmetadata.adminToken}`, 'content-type': 'application/json' };
    const read = await fetch(`${openmetadata.url}/v1/tables/name/${encodeURIComponent(fqn)}`, { headers });
    const { id, columns } = (await read.json()) as { id: string; columns: { name: string }[] };
    const now = Date.now();
    for (const timestamp of [now, now - 100 * dayMs, now - dayMs]) {
      const columnProfile = [{ name: columns[0]!.name, timestamp, valuesCount: 3, nullCount: 1 }];
      const body = JSON.stringify({ tableProfile: { timestamp, rowCount: 4, profileSample: 50 }, columnProfile });
      const put = await fetch(`${openmetadata.url}/v1/tables/${id}/tableProfile`, { method: 'PUT', headers, body });
      expect(put.status).toBe(200);
    }
    return { fqn, now, span: { from: String(now - 90 * dayMs), to: String(now) } };
  }

  it('of a table and its columns are those of the span, oldest first, whoever wrote them', async () => {
    const { fqn, now, span } = await profiled();
    const { latest, history, columns } = await get<TableProfiles>('profile', { fqn, ...span });
    expect(history.map(({ takenAt }) => takenAt)).toEqual([now - dayMs, now]);
    expect(latest).toMatchObject({ takenAt: now, rowCount: 4, sample: { size: 50, type: 'PERCENTAGE' } });
    const [first, second] = columns;
    expect(first).toMatchObject({ takenAt: now, nullProportion: 0.25 });
    expect(second?.takenAt).toBeUndefined();
    const column = await get<ColumnProfiles>('column-profile', { ...span, fqn: first!.fqn });
    expect(column.history).toMatchObject([{ takenAt: now - dayMs, nullCount: 1 }, { takenAt: now }]);
  });

  it('of a table that is not there, or of no span, are refused', async () => {
    const span = { from: '0', to: '1' };
    await expect(get('profile', { fqn: 'bakery_hive.no.such.table', ...span })).rejects.toThrow(/404.*has nothing/);
    await expect(get('profile', { fqn: 'bakery_hive.prod.shop.orders', from: '-1', to: 'now' })).rejects.toThrow(/400/);
  });
});
