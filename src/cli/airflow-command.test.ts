import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBundle } from '../airflow/bundle/read-bundle.ts';
import { recordingTerminal } from './recording-terminal.testing.ts';
import { runCli } from './run-cli.ts';

let folder: string;
let dags: string;
let bundles: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-airflow-'));
  dags = join(folder, 'dags');
  bundles = join(folder, 'meridian-bundles');
  mkdirSync(dags);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A recipe with two secrets written out; a third comes from where it runs. */
function recipe(changes: { serviceName?: string; airflow?: object; mode?: string } = {}): string {
  const path = join(folder, `${changes.serviceName ?? 'company_atlas'}.json`);
  const config = {
    source: {
      type: 'Atlas',
      serviceName: changes.serviceName ?? 'company_atlas',
      serviceConnection: {
        config: {
          hostPort: '${env:ATLAS_URL}',
          username: 'reader',
          password: 'pl4nted\'pass"{{ word }}',
          databaseServiceName: ['hive'],
          entity_type: 'hive_table',
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest' },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: 'http://om.example/api',
        securityConfig: { jwtToken: '${airflow:conn:om.password}' },
      },
    },
    meridian: {
      mode: changes.mode ?? 'create',
      state: { type: 'postgres', connectionString: 'postgres://m:pl4nted-too@db.example/m' },
    },
    ...(changes.airflow && { airflow: changes.airflow }),
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

async function meridian(...argv: string[]) {
  const env = { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1', AIRFLOW_HOME: join(folder, 'airflow') };
  const recorded = recordingTerminal({ env });
  const code = await runCli(['airflow', ...argv], recorded.terminal);
  return { code, data: recorded.data(), notes: recorded.notes() };
}

const deploy = (path: string, ...more: string[]) => meridian('deploy', '-c', path, '--dags', dags, ...more);
const outcomes = (data: string) =>
  Object.fromEntries(
    [...data.matchAll(/^(created|updated|unchanged|removed) +(\S+)$/gm)].map(([, did, path]) => [basename(path!), did]),
  );
const dagPath = () => join(dags, 'meridian_company_atlas.py');
const bundlePath = () => join(bundles, 'meridian_company_atlas.bundle');

describe('meridian airflow deploy', () => {
  it('writes both files, says what is left to do, and shows no secret anywhere', async () => {
    const { code, data, notes } = await deploy(recipe());
    expect(notes).toBe('');
    expect(code).toBe(0);
    expect(outcomes(data)).toMatchObject({
      'meridian_company_atlas.py': 'created',
      'meridian_company_atlas.bundle': 'created',
    });
    expect(readdirSync(dags)).toEqual(['meridian_company_atlas.py']);
    expect(data).toContain(
      'airflow connections add company_atlas_source_password --conn-type generic --conn-password "$COMPANY_ATLAS_SOURCE_PASSWORD"',
    );
    expect(data).toContain('queue_to_coordinator = {"node":"node"}');
    expect(data).toContain(`"executables_root":["${bundles}"]`);
    expect(data).toContain('airflow celery worker -q node,default');
    expect(data).toContain('environment: ATLAS_URL');
    for (const text of [data, notes, readFileSync(dagPath(), 'utf8'), readFileSync(bundlePath(), 'latin1')]) {
      expect(text).not.toMatch(/pl4nted/);
      expect(text).not.toContain(Buffer.from('pl4nted').toString('base64').slice(0, 8));
    }
    const { deployment } = await readBundle(bundlePath());
    expect(deployment).toMatchObject({
      dagId: 'company_atlas',
      pipeline: 'om.example/atlas/company_atlas',
      folder,
      connections: ['company_atlas_source_password', 'company_atlas_state_connection_string', 'om'],
      settings: {
        retries: 3,
        retryDelaySeconds: 300,
        executionTimeoutSeconds: 3600,
        schedule: '*/5 * * * *',
        catchup: false,
      },
    });
    expect(statSync(dagPath()).mode & 0o777).toBe(0o644);
    expect(statSync(bundlePath()).mode & 0o777).toBe(0o755);
  });

  it('again changes nothing, and a changed recipe only what it changes', async () => {
    await deploy(recipe({ airflow: { form: 'native' } }));
    const before = statSync(dagPath()).mtimeMs;
    expect(outcomes((await deploy(recipe({ airflow: { form: 'native' } }))).data)).toMatchObject({
      'meridian_company_atlas.py': 'unchanged',
      'meridian_company_atlas.bundle': 'unchanged',
    });
    expect(outcomes((await deploy(recipe({ airflow: { form: 'native' }, mode: 'enrich' }))).data)).toMatchObject({
      'meridian_company_atlas.py': 'unchanged',
      'meridian_company_atlas.bundle': 'updated',
    });
    expect(statSync(dagPath()).mtimeMs).toBe(before);
    // The Bash form needs no bundle.
    const { data } = await deploy(recipe({ airflow: { form: 'bash' } }));
    expect(outcomes(data)).toMatchObject({
      'meridian_company_atlas.py': 'updated',
      'meridian_company_atlas.bundle': 'removed',
    });
    expect(data).not.toContain('[sdk]');
    expect(readdirSync(bundles)).toEqual([]);
  });

  it('overwrites nothing that is not ours, is another recipe’s, or was changed by hand', async () => {
    writeFileSync(dagPath(), 'print("mine")\n');
    expect(await deploy(recipe())).toMatchObject({ code: 2, notes: expect.stringContaining('airflow.not-ours') });
    expect(readFileSync(dagPath(), 'utf8')).toBe('print("mine")\n');
    rmSync(dagPath());

    writeFileSync(
      join(dags, 'by_hand.py'),
      'from airflow import DAG\nwith DAG(\n    "company_atlas",\n) as dag: ...\n',
    );
    expect(await deploy(recipe())).toMatchObject({ code: 2, notes: expect.stringContaining('airflow.dag-taken') });
    rmSync(join(dags, 'by_hand.py'));

    await deploy(recipe());
    const other = recipe({ serviceName: 'other_atlas', airflow: { dagId: 'company_atlas' } });
    const taken = await deploy(other);
    expect(taken).toMatchObject({ code: 2, notes: expect.stringContaining('airflow.dag-taken') });
    expect(taken.notes).toContain('om.example/atlas/company_atlas');

    const edited = readFileSync(dagPath(), 'utf8').replace('"retries": 3', '"retries": 9');
    writeFileSync(dagPath(), edited);
    expect(await deploy(recipe())).toMatchObject({
      code: 2,
      notes: expect.stringContaining('airflow.changed-by-hand'),
    });
    expect(readFileSync(dagPath(), 'utf8')).toBe(edited);
    expect(await deploy(recipe(), '--force')).toMatchObject({ code: 0 });

    mkdirSync(bundles, { recursive: true });
    writeFileSync(bundlePath(), 'a program of somebody');
    expect(await deploy(recipe())).toMatchObject({ code: 2, notes: expect.stringContaining('airflow.not-ours') });
    expect(readFileSync(bundlePath(), 'utf8')).toBe('a program of somebody');
  });

  it('warns of a pipeline that runs as another DAG, too', async () => {
    await deploy(recipe());
    const { notes } = await deploy(recipe({ airflow: { dagId: 'renamed' } }));
    expect(notes).toContain('also runs as DAG company_atlas');
  });

  it('heals a bundle that was damaged', async () => {
    await deploy(recipe());
    const bytes = readFileSync(bundlePath());
    bytes.write('exec other', bytes.indexOf('exec'));
    writeFileSync(bundlePath(), bytes);
    expect(outcomes((await deploy(recipe())).data)).toMatchObject({ 'meridian_company_atlas.bundle': 'updated' });
    await expect(readBundle(bundlePath())).resolves.toMatchObject({ dagIds: ['company_atlas'] });
  });

  it('keeps to Airflow’s configuration, and adds to what stands there', async () => {
    const own = {
      classpath: 'airflow.sdk.coordinators.executable.ExecutableCoordinator',
      kwargs: { executables_root: [join(folder, 'here')] },
    };
    const cfg = (coordinators: object, queues: object) => {
      mkdirSync(join(folder, 'airflow'), { recursive: true });
      writeFileSync(
        join(folder, 'airflow', 'airflow.cfg'),
        `[core]\nexecutor = LocalExecutor\n[sdk]\ncoordinators =\n    ${JSON.stringify(coordinators)}\nqueue_to_coordinator = ${JSON.stringify(queues)}\n`,
      );
    };
    cfg({ node: own }, { node: 'node' });
    const there = await deploy(recipe());
    expect(there.data).not.toContain('[sdk]');
    expect(there.data).not.toContain('celery');
    expect(readdirSync(join(folder, 'here'))).toEqual(['meridian_company_atlas.bundle']);

    cfg({ java: { classpath: 'java' } }, { jvm: 'java' });
    const { airflowCfg } = JSON.parse((await deploy(recipe(), '-o', 'json')).data) as {
      airflowCfg: { sdk: Record<string, string> };
    };
    expect(JSON.parse(airflowCfg.sdk['coordinators']!)).toMatchObject({
      java: { classpath: 'java' },
      node: { kwargs: { executables_root: [bundles] } },
    });
    expect(JSON.parse(airflowCfg.sdk['queue_to_coordinator']!)).toEqual({ jvm: 'java', node: 'node' });

    cfg({ java: { classpath: 'java' } }, { node: 'java' });
    expect((await deploy(recipe())).data).toContain('set airflow.queue of the recipe');
  });

  it('tells every mistake of the recipe, and writes nothing then', async () => {
    const { code, notes } = await deploy(recipe({ airflow: { schedule: '61 * * * *', retryDelay: 5 } }));
    expect(code).toBe(2);
    expect(notes).toContain('airflow.schedule');
    expect(notes).toContain('airflow.retryDelay');
    expect(readdirSync(dags)).toEqual([]);
    expect(await deploy(recipe(), '--dags', join(folder, 'nowhere'))).toMatchObject({
      code: 2,
      notes: expect.stringContaining('airflow.folder'),
    });
    expect(await meridian('deploy', '-c', recipe())).toMatchObject({
      code: 2,
      notes: expect.stringContaining('airflow.no-folder'),
    });
  });
});

describe('meridian airflow render', () => {
  it('prints what a deploy would write', async () => {
    const { data } = await meridian('render', '-c', recipe());
    await deploy(recipe());
    expect(data).toBe(readFileSync(dagPath(), 'utf8'));
    expect(data).not.toMatch(/pl4nted/);
  });
});

describe('meridian airflow remove', () => {
  it('removes both, once, and nothing else', async () => {
    await deploy(recipe());
    writeFileSync(join(dags, 'mine.py'), '');
    const removed = await meridian('remove', '-c', recipe(), '--dags', dags);
    expect(removed).toMatchObject({ code: 0 });
    expect(removed.data.match(/^removed/gm)).toHaveLength(2);
    expect(readdirSync(dags)).toEqual(['mine.py']);
    expect(readdirSync(bundles)).toEqual([]);
    expect(await meridian('remove', '-c', recipe(), '--dags', dags)).toMatchObject({ code: 0, data: '' });
  });

  it('leaves alone what is another recipe’s, not ours, or changed by hand', async () => {
    await deploy(recipe());
    const other = recipe({ serviceName: 'other_atlas', airflow: { dagId: 'company_atlas' } });
    expect(await meridian('remove', '-c', other, '--dags', dags)).toMatchObject({
      code: 2,
      notes: expect.stringContaining('airflow.dag-taken'),
    });
    writeFileSync(dagPath(), `${readFileSync(dagPath(), 'utf8')}# mine\n`);
    expect(await meridian('remove', '--dag-id', 'company_atlas', '--dags', dags)).toMatchObject({
      code: 2,
      notes: expect.stringContaining('airflow.changed-by-hand'),
    });
    writeFileSync(dagPath(), 'mine');
    expect(await meridian('remove', '--dag-id', 'company_atlas', '--dags', dags)).toMatchObject({
      code: 2,
      notes: expect.stringContaining('airflow.not-ours'),
    });
    expect(readdirSync(dags)).toEqual(['meridian_company_atlas.py']);
    expect(readdirSync(bundles)).toEqual(['meridian_company_atlas.bundle']);
  });
});
