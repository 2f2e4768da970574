import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import type { Change } from '../src/reconcile/change.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { fetchEntity } from './recorded-atlas.ts';

const recipes = join(import.meta.dirname, '..', 'recipes');

describe.each(['1.1.0', '1.6.0', '1.13.0'])('profiles of what Atlas describes, at OpenMetadata %s', (version) => {
  let sandbox: Sandbox;
  let home: string;

  beforeAll(async () => {
    sandbox = await startSandbox({ openmetadata: { version, strict: true } });
    home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
    const { report } = await run('atlas-create.yaml');
    expect(report.state).toBe('success');
  });

  afterAll(async () => {
    await sandbox.close();
    await rm(home, { recursive: true, force: true });
  });

  async function run(
    recipe: string,
    flags: Readonly<Record<string, unknown>> = {},
  ): Promise<{ report: RunReport; changes: Change[] }> {
    const changes: Change[] = [];
    const env = {
      ATLAS_URL: sandbox.atlas.url,
      ATLAS_USER: 'admin',
      ATLAS_PASSWORD: 'admin',
      OPENMETADATA_URL: sandbox.openmetadata.url,
      OPENMETADATA_TOKEN: sandbox.token,
      MERIDIAN_HOME: home,
    };
    const loaded = await loadRecipe(join(recipes, recipe), { env, flags });
    const workflow = await Workflow.create(loaded, { env, onChange: (change) => changes.push(change) });
    const report = await workflow.execute();
    await workflow.stop();
    return { report, changes };
  }

  const profileOf = async (table: string): Promise<Record<string, unknown>> => {
    const found = await fetchEntity(sandbox.openmetadata, `tables/local_hive.${table}/tableProfile/latest`);
    const columns = (found?.['columns'] ?? []) as readonly { name: string; profile?: Record<string, unknown> }[];
    return {
      ...(found?.['profile'] as object | undefined),
      columns: Object.fromEntries(columns.flatMap(({ name, profile }) => (profile ? [[name, profile]] : []))),
    };
  };

  it('are matched to the same tables: rows, size, age, and what Spark has counted in columns', async () => {
    const { report, changes } = await run('atlas-profiler.yaml');
    expect(report).toMatchObject({ command: 'profile', state: 'success', failureCount: 0 });
    const { read, filtered, created, skipped } = report.stages.tableProfile!;
    expect({ read: created + filtered + skipped, some: filtered > 0 }).toEqual({ read, some: true });
    expect(report.target.writes).toBe(created);

    expect(await profileOf('prod.shop.orders')).toMatchObject({ rowCount: 48_213_377, sizeInByte: 9_123_482_734 });
    const copy = await profileOf('dr.shop.orders');
    expect(copy).toMatchObject({ rowCount: 48_190_021, sizeInByte: 8_912_340_123, columnCount: 9 });
    expect(copy['createDateTime']).toMatch(/^20\d\d-/);
    expect(copy['columns']).toMatchObject({
      order_id: { distinctCount: 48_190_021, nullCount: 0, valuesCount: 48_190_021, min: 1, max: 51_200_345 },
      note: { nullCount: 40_190_021, valuesCount: 8_000_000, distinctCount: 120_034, maxLength: 180 },
    });
    expect(changes.find(({ fqn }) => fqn === 'local_hive.dr.shop.orders')).toMatchObject({
      action: 'create',
      entityType: 'tableProfile',
      reason: 'from statistics, 48,190,021 rows, 2 columns',
    });
    // What nobody has counted is told, and views are left out unless asked for.
    const [silent] = report.skipped.filter(({ reason }) => reason === 'no-statistics');
    expect(silent).toMatchObject({ count: skipped });
    expect(report.warnings.join()).toContain('Distinct values of 2 columns were counted by an approximation');
  });

  it('take few requests however many tables there are', async () => {
    const { report } = await run('atlas-profiler.yaml');
    const { read, created } = report.stages.tableProfile!;
    expect(read).toBeGreaterThan(created);
    expect(report.source.requests).toBeLessThan(10);
  });

  it('come from an export of Atlas just as well, without a server', async () => {
    const answer = await fetch(`${sandbox.atlas.url}/api/atlas/admin/export`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('admin:admin')}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        itemsToExport: [{ typeName: 'hive_db', uniqueAttributes: { qualifiedName: 'shop@prod' } }],
      }),
    });
    const path = join(home, 'export.zip');
    await writeFile(path, Buffer.from(await answer.arrayBuffer()));
    const config = { path, entity_type: 'hive_table', databaseServiceName: ['local_hive'] };
    const pipeline = { type: 'Profiler', databaseFilterPattern: { includes: ['prod'] } };
    const recipe = {
      source: {
        type: 'AtlasExport',
        serviceName: 'exported_atlas',
        serviceConnection: { config },
        sourceConfig: { config: { ...pipeline, schemaFilterPattern: { includes: ['shop'] } } },
      },
      sink: { type: 'metadata-rest' },
      workflowConfig: {
        openMetadataServerConfig: { hostPort: sandbox.openmetadata.url, securityConfig: { jwtToken: sandbox.token } },
      },
    };
    const workflow = await Workflow.create(recipe, { env: { MERIDIAN_HOME: home } });
    const report = await workflow.execute();
    await workflow.stop();
    expect(report).toMatchObject({ state: 'success', source: { type: 'AtlasExport', requests: 0 } });
    expect(report.skipped.map(({ reason }) => reason)).not.toContain('not-at-source');
    expect(await profileOf('prod.shop.orders')).toMatchObject({ rowCount: 48_213_377 });
  });

  it('fail when there was nothing to profile, and say why', async () => {
    const { report } = await run('atlas-profiler.yaml', {
      'source.sourceConfig.config.schemaFilterPattern.includes': ['none_of_them'],
    });
    expect(report.state).toBe('failed');
    expect(report.warnings[0]).toBe('Nothing was profiled: the filters of the recipe keep out every table.');
  });
});
