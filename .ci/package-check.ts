/**
 * The package as a stranger gets it: built, packed, installed in a folder of its own, and used there for an ingest of
 * the sample warehouse. Exits 1 with what went wrong.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'meridian-package-'));
const meridian = join(folder, 'node_modules', 'meridian-metadata', 'bin', 'meridian.mjs');

interface Addresses {
  readonly atlas: string;
  readonly openmetadata: string;
  readonly token: string;
}

try {
  installPackage();
  checkHelp();
  checkLibrary();
  await checkIngest();
  checkOldNode();
} finally {
  await rm(folder, { recursive: true, force: true });
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, MERIDIAN_HOME: join(folder, 'home'), ...env },
  });
  if (error) throw error;
  assert.equal(status, 0, `${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function installPackage(): void {
  run(process.execPath, [join(root, 'bin', 'build.ts')], root);
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], root)) as {
    filename: string;
    files: { path: string }[];
  }[];
  const tests = packed!.files.filter(({ path }) => /\.test\./.test(path) && !path.startsWith('templates/'));
  assert.deepEqual(tests, [], 'tests are in the package');
  // A tarball in the folder of an empty project: nothing of the checkout is near.
  run('npm', ['init', '--yes'], folder);
  run('npm', ['install', '--no-audit', '--no-fund', join(folder, packed!.filename)], folder);
  assert.ok(existsSync(meridian), 'the package has no command');
  say('packed and installed');
}

function checkHelp(): void {
  assert.match(run(process.execPath, [meridian, '--help'], folder), /ingest[\s\S]*plan[\s\S]*sandbox/);
  say('says its help');
}

function checkLibrary(): void {
  const program =
    "import { Workflow, formatStatus } from 'meridian-metadata'; console.log(typeof Workflow.create, typeof formatStatus);";
  assert.equal(run(process.execPath, ['--input-type=module', '-e', program], folder).trim(), 'function function');
  say('can be imported');
}

async function checkIngest(): Promise<void> {
  const sandbox = spawn(process.execPath, [meridian, 'sandbox'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(sandbox, 'exit');
  try {
    const [line] = (await Promise.race([
      once(createInterface(sandbox.stdout), 'line'),
      ended.then(([code]) => assert.fail(`the stand-ins ended with ${code}`)),
    ])) as [string];
    const addresses = JSON.parse(line) as Addresses;
    await writeFile(join(folder, 'recipe.json'), JSON.stringify(recipe(addresses)));
    const report = join(folder, 'report.json');
    run(process.execPath, [meridian, 'ingest', '-c', 'recipe.json', '--report', report], folder);
    const { stages } = JSON.parse(await readFile(report, 'utf8')) as {
      stages: { table: { read: number; created: number } };
    };
    assert.ok(stages.table.created > 0, 'the ingest created no table');
    assert.equal(await tablesAt(addresses), stages.table.created, 'tables at the target');
    say(`ingested ${stages.table.created} tables`);
    await checkConnector(addresses);
    await checkService(addresses);
    checkDag(addresses);
  } finally {
    sandbox.kill('SIGTERM');
    await ended;
  }
}

/** A connector that the package writes passes its tests, and its recipe runs. */
async function checkConnector(addresses: Addresses): Promise<void> {
  // Nothing above it has the package: it is linked.
  const place = await mkdtemp(join(tmpdir(), 'meridian-connector-'));
  try {
    const own = join(place, 'bakery-shop');
    run(process.execPath, [meridian, 'connector', 'new', 'bakery-shop', '--dir', own], folder);
    assert.match(run('npm', ['test'], own), /pass 11\b[\s\S]*fail 0\b/);
    const sample = spawn(process.execPath, ['sample-server.js', '0'], {
      cwd: own,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(sample, 'exit');
    try {
      const [line] = (await once(createInterface(sample.stdout), 'line')) as [string];
      const { url, token } = JSON.parse(line) as { url: string; token: string };
      const before = await tablesAt(addresses);
      run(process.execPath, [meridian, 'ingest', '-c', 'recipe.yaml'], own, {
        BAKERY_SHOP_URL: url,
        BAKERY_SHOP_TOKEN: token,
        OPENMETADATA_URL: addresses.openmetadata,
        OPENMETADATA_TOKEN: addresses.token,
      });
      assert.equal(await tablesAt(addresses), before + 120, 'tables that the connector brought');
    } finally {
      sample.kill('SIGTERM');
      await ended;
    }
  } finally {
    await rm(place, { recursive: true, force: true });
  }
  say('writes a connector that passes its tests and runs');
}

/** The service shows the console that was built, and runs a pipeline in a process of its own. */
async function checkService(addresses: Addresses): Promise<void> {
  const env = {
    ...process.env,
    MERIDIAN_HOME: join(folder, 'service'),
    MERIDIAN_USERNAME: 'admin',
    MERIDIAN_PASSWORD: 'pass-of-the-admin',
  };
  const service = spawn(process.execPath, [meridian, 'serve', '--port', '0'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(service, 'exit');
  try {
    const [line] = (await Promise.race([
      once(createInterface(service.stdout), 'line'),
      ended.then(([code]) => assert.fail(`the service ended with ${code}`)),
    ])) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const script = /<script[^>]* src="([^"]+)"/.exec(await (await fetch(url)).text())?.[1];
    assert.ok(script, 'the console has no script');
    assert.equal((await fetch(new URL(script, url))).status, 200, 'the script of the console');
    const authorization = `Basic ${Buffer.from('admin:pass-of-the-admin').toString('base64')}`;
    const ask = async <T>(path: string, method: 'GET' | 'POST' = 'GET', body?: object): Promise<T> => {
      const headers = { authorization, ...(body && { 'content-type': 'application/json' }) };
      const answer = await fetch(`${url}/api/console${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
      return (await answer.json()) as T;
    };
    await ask('/pipelines', 'POST', {
      id: 'package_check',
      pipelineType: 'metadata',
      recipe: recipe(addresses),
      schedule: { catchup: false },
      retries: 0,
      retryDelaySeconds: 60,
      timeoutSeconds: 600,
      maxActiveRuns: 1,
      enabled: true,
    });
    await ask('/pipelines/package_check/runs', 'POST');
    let state = 'queued';
    while (['queued', 'running'].includes(state)) {
      await setTimeout(200);
      const { runs } = await ask<{ runs: { state: string }[] }>('/pipelines/package_check/runs');
      state = runs[0]!.state;
    }
    assert.equal(state, 'success', 'the run of the service');
    say('serves the console and runs a pipeline');
  } finally {
    service.kill('SIGTERM');
    await ended;
  }
}

/** The task bundle starts this installation; without an Airflow it says that one is missing. */
function checkDag(addresses: Addresses): void {
  const [dags, bundles] = [join(folder, 'dags'), join(folder, 'bundles')];
  mkdirSync(dags);
  run(
    process.execPath,
    [meridian, 'airflow', 'deploy', '-c', 'recipe.json', '--dags', dags, '--bundles', bundles],
    folder,
  );
  const [bundle] = readdirSync(bundles).filter((name) => name.endsWith('.bundle'));
  assert.ok(bundle, 'no task bundle was written');
  const nobody = ['--comm=127.0.0.1:9', '--logs=127.0.0.1:9'];
  const { status, stderr } = spawnSync(join(bundles, bundle), nobody, { cwd: folder, encoding: 'utf8' });
  assert.notEqual(status, 0);
  assert.match(stderr, /Airflow/);
  assert.ok(!readFileSync(join(bundles, bundle), 'latin1').includes(addresses.token), 'the bundle holds the token');
  say('deploys a DAG whose tasks find this installation');
}

async function tablesAt({ openmetadata, token }: Addresses): Promise<number> {
  const answer = await fetch(`${openmetadata}/v1/tables?limit=1`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { paging: { total: number } }).paging.total;
}

function recipe({ atlas, openmetadata, token }: Addresses): object {
  return {
    source: {
      type: 'Atlas',
      serviceName: 'package_check',
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: atlas,
          username: 'admin',
          password: 'admin',
          databaseServiceName: ['package_hive'],
          messagingServiceName: [],
          entity_type: 'hive_table',
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: openmetadata,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: token },
      },
    },
    meridian: { mode: 'create' },
  };
}

/** A Node that is too old is told so; checked where this machine has one. */
function checkOldNode(): void {
  const old = olderNode();
  if (!old) {
    say('no older Node on this machine: its message is not checked');
    return;
  }
  const { status, stderr } = spawnSync(old.path, [meridian, '--help'], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 2, `Node ${old.version} ended with ${status}`);
  assert.match(stderr, /Node 24/);
  say(`Node ${old.version} is told to make way for Node 24`);
}

function olderNode(): { path: string; version: string } | undefined {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, 'node');
    if (directory.includes('node_modules') || !existsSync(path)) continue;
    const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim().replace(/^v/, '');
    if (version && Number(version.split('.')[0]) < 24) return { path, version };
  }
  return undefined;
}

function say(text: string): void {
  process.stdout.write(`package: ${text}\n`);
}
