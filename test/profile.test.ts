import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
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

  async function run(recipe: string): Promise<{ report: RunReport; changes: Change[] }> {
    const changes: Change[] = [];
    const env = {
      ATLAS_URL: sandbox.atlas.url,
      ATLAS_USER: 'admin',
      ATLAS_PASSWORD: 'admin',
      OPENMETADATA_URL: sandbox.openmetadata.url,
      OPENMETADATA_TOKEN: sandbox.token,
      MERIDIAN_HOME: home,
    };
    const workflow = await Workflow.create(join(recipes, recipe), { env, onChange: (change) => changes.push(change) });
    const report = await workflow.execute();
    await workflow.stop();
    return { report, changes };
  }

  it('are matched to the same tables, with rows, size and age', async () => {
    const { report, changes } = await run('atlas-profiler.yaml');
    expect(report).toMatchObject({ command: 'profile', state: 'success', failureCount: 0 });
    console.log(JSON.stringify(report, null, 1), changes.slice(0, 5));
    const latest = await fetchEntity(sandbox.openmetadata, 'tables/local_hive.default.shop.orders/tableProfile/latest');
    console.log(JSON.stringify(latest['profile']));
  });
});
